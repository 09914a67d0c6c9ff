package org.passerelle.link.list;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Chars;

/** The same as the JDK's streams, of which these take the place. */
class ListsTest {
  private static final Predicate<Integer> EVEN = number -> number % 2 == 0;

  @Property
  void eachGivesWhatAStreamGives(@ForAll List<Integer> all, @ForAll List<Integer> more) {
    assertThat(Lists.map(all, number -> number + "x"))
        .isEqualTo(all.stream().map(number -> number + "x").toList());
    assertThat(Lists.flatMap(all, number -> List.of(number, 1)))
        .isEqualTo(all.stream().flatMap(number -> Stream.of(number, 1)).toList());
    assertThat(Lists.mapPresent(all, number -> Lists.first(more, number::equals)))
        .isEqualTo(all.stream().filter(more::contains).toList());
    assertThat(Lists.filter(all, EVEN)).isEqualTo(all.stream().filter(EVEN).toList());
    assertThat(Lists.concat(all, more))
        .isEqualTo(Stream.concat(all.stream(), more.stream()).toList());
    assertThat(Lists.distinct(all)).isEqualTo(all.stream().distinct().toList());
    assertThat(Lists.sorted(all)).isEqualTo(all.stream().sorted().toList());
    assertThat(Lists.first(all, EVEN)).isEqualTo(all.stream().filter(EVEN).findFirst());
    assertThat(Lists.any(all, EVEN)).isEqualTo(all.stream().anyMatch(EVEN));
    assertThat(Lists.all(all, EVEN)).isEqualTo(all.stream().allMatch(EVEN));
  }

  @Property
  void linesAreThoseOfTheText(@ForAll @Chars({'a', ' ', '\n', '\r'}) String text) {
    assertThat(Lists.lines(text)).isEqualTo(text.lines().toList());
  }

  @Property(tries = 10)
  void noneCanBeChanged(@ForAll List<Integer> all) {
    for (List<Integer> made :
        List.of(
            Lists.map(all, number -> number),
            Lists.flatMap(all, List::of),
            Lists.filter(all, EVEN),
            Lists.concat(all, all),
            Lists.distinct(all),
            Lists.sorted(all))) {
      assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> made.add(1));
    }
  }
}
