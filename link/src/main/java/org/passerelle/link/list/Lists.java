package org.passerelle.link.list;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/** Lists made of others, in their order. What is returned cannot be changed. */
public final class Lists {
  private Lists() {}

  /** What {@code function} makes of each. */
  public static <T, R> List<R> map(
      Iterable<? extends T> all, Function<? super T, ? extends R> function) {
    List<R> made = new ArrayList<>();
    for (T one : all) {
      made.add(function.apply(one));
    }
    return Collections.unmodifiableList(made);
  }

  /** All that {@code function} makes of each, one after the other. */
  public static <T, R> List<R> flatMap(
      Iterable<? extends T> all, Function<? super T, ? extends Collection<? extends R>> function) {
    List<R> made = new ArrayList<>();
    for (T one : all) {
      made.addAll(function.apply(one));
    }
    return Collections.unmodifiableList(made);
  }

  /** What {@code function} makes of those of which it makes something. */
  public static <T, R> List<R> mapPresent(
      Iterable<? extends T> all, Function<? super T, Optional<? extends R>> function) {
    List<R> made = new ArrayList<>();
    for (T one : all) {
      function.apply(one).ifPresent(made::add);
    }
    return Collections.unmodifiableList(made);
  }

  /** Those that {@code wanted} holds for. */
  public static <T> List<T> filter(Iterable<? extends T> all, Predicate<? super T> wanted) {
    List<T> kept = new ArrayList<>();
    for (T one : all) {
      if (wanted.test(one)) {
        kept.add(one);
      }
    }
    return Collections.unmodifiableList(kept);
  }

  /** The second after the first. */
  public static <T> List<T> concat(Collection<? extends T> first, Collection<? extends T> second) {
    List<T> made = new ArrayList<>(first);
    made.addAll(second);
    return Collections.unmodifiableList(made);
  }

  /** Each once, where it comes first. */
  public static <T> List<T> distinct(Collection<? extends T> all) {
    return List.copyOf(new LinkedHashSet<T>(all));
  }

  /** In their natural order. */
  public static <T extends Comparable<? super T>> List<T> sorted(Collection<? extends T> all) {
    List<T> made = new ArrayList<>(all);
    Collections.sort(made);
    return Collections.unmodifiableList(made);
  }

  /** A text's lines, as {@link String#lines}: without their ends, LF, CR or both. */
  public static List<String> lines(String text) {
    List<String> made = new ArrayList<>();
    int start = 0;
    for (int at = 0; at < text.length(); at++) {
      char end = text.charAt(at);
      if (end == '\n' || end == '\r') {
        made.add(text.substring(start, at));
        at += text.startsWith("\r\n", at) ? 1 : 0;
        start = at + 1;
      }
    }
    if (start < text.length()) {
      made.add(text.substring(start));
    }
    return Collections.unmodifiableList(made);
  }

  /** The first that {@code wanted} holds for. */
  public static <T> Optional<T> first(Iterable<? extends T> all, Predicate<? super T> wanted) {
    for (T one : all) {
      if (wanted.test(one)) {
        return Optional.of(one);
      }
    }
    return Optional.empty();
  }

  /** Whether {@code wanted} holds for one at least. */
  public static <T> boolean any(Iterable<? extends T> all, Predicate<? super T> wanted) {
    for (T one : all) {
      if (wanted.test(one)) {
        return true;
      }
    }
    return false;
  }

  /** Whether {@code wanted} holds for each; it does for none at all. */
  public static <T> boolean all(Iterable<? extends T> all, Predicate<? super T> wanted) {
    for (T one : all) {
      if (!wanted.test(one)) {
        return false;
      }
    }
    return true;
  }
}
