package org.passerelle.link.list;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.StringLength;

/** The same as the regular expressions of which these take the place. */
class WordsTest {
  @Property
  void splitsAsAnExpressionDoes(@ForAll @Chars({'a', ' ', '\t', '\n', ','}) String text) {
    assertThat(Words.split(text, Words.BLANKS))
        .isEqualTo(Arrays.stream(text.split("\\s+")).filter(word -> !word.isEmpty()).toList());
  }

  @Property
  void knowsNumbers(
      @ForAll @StringLength(max = 7) @Chars('x') @CharRange(from = '0', to = '9') String text) {
    assertThat(Words.isNumber(text, 5)).isEqualTo(text.matches("\\d{1,5}"));
  }

  @Property
  void namesFiles(@ForAll @Chars({'a', 'Z', '5', '.', '-', '_', '/', ' ', 'é'}) String text) {
    assertThat(Words.fileName(text)).isEqualTo(text.replaceAll("[^A-Za-z0-9.-]+", "_"));
  }

  @Property
  void knowsDigits(@ForAll char letter) {
    assertThat(Words.isDigit(letter)).isEqualTo(("" + letter).matches("[0-9]"));
    assertThat(Words.isHexDigit(letter)).isEqualTo(("" + letter).matches("[0-9A-Fa-f]"));
  }
}
