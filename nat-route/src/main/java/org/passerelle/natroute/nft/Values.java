package org.passerelle.natroute.nft;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The values that a match asks for, taken apart once: each of thousands of packets may be compared
 * with a hundred thousand of them.
 */
public final class Values {
  /** What a set has for all that no other element of it is for. */
  private static final String ANY = "*";

  private static final Pattern AT_AND = Pattern.compile(Statement.AND, Pattern.LITERAL);

  private final List<String> texts;
  private final Set<String> names;

  /** Of those with {@code *} at the end. */
  private final List<String> beginnings;

  private final Spans spans;
  private final boolean isNumeric;
  private final List<List<Values>> rows;
  private final boolean hasWholeFamily;

  private Values(List<String> texts) {
    this.texts = texts;
    this.names = texts.size() == 1 ? Set.of(texts.getFirst()) : new HashSet<>(texts);
    this.beginnings =
        texts.stream()
            .filter(text -> text.endsWith(ANY))
            .map(text -> text.substring(0, text.length() - 1))
            .toList();
    List<Span> parsed = texts.stream().flatMap(text -> Span.parse(text).stream()).toList();
    this.spans = Spans.merged(parsed);
    this.isNumeric = parsed.size() == texts.size();
    this.rows = texts.stream().filter(Values::isRow).map(Values::row).toList();
    this.hasWholeFamily = texts.stream().anyMatch(text -> text.contains("/0"));
  }

  /**
   * @param texts addresses, networks, names (with {@code *} at the end for all that begin so),
   *     ranges as {@code 80-90}; of a concatenation the same with {@link Statement#AND} between
   */
  public static Values of(List<String> texts) {
    return new Values(texts.stream().map(Values::usual).toList());
  }

  /** nft lists ICMPv6 by the name that /etc/protocols has for it. */
  private static String usual(String text) {
    return text.equals("ipv6-icmp") ? "icmpv6" : text;
  }

  /** What is asked for together, one by one. */
  public static List<String> parts(String text) {
    return isRow(text) ? List.of(AT_AND.split(text)) : List.of(text);
  }

  private static boolean isRow(String text) {
    return text.contains(Statement.AND);
  }

  private static List<Values> row(String text) {
    return parts(text).stream().map(part -> of(List.of(part))).toList();
  }

  public List<String> texts() {
    return texts;
  }

  public boolean isEmpty() {
    return texts.isEmpty();
  }

  /** Whether whatever is asked for is here. */
  public boolean isAny() {
    return names.contains(ANY);
  }

  /** Whether it is one name, with no other spelling. */
  boolean isName() {
    return names.size() == 1 && beginnings.isEmpty() && !isNumeric && rows.isEmpty();
  }

  /** Whether a value is one of these, or in a network or range of them. */
  public boolean has(String value) {
    return names.contains(value)
        || beginnings.stream().anyMatch(value::startsWith)
        || spans.has(value);
  }

  /** Whether all of these are addresses of those. */
  public boolean isWithin(Spans addresses) {
    return isNumeric && addresses.hasAll(spans);
  }

  /** What concatenations are made of, one by one; nothing of others. */
  public List<List<Values>> rows() {
    return rows;
  }

  /** Whether one of these, or a part of one, is every address of a family. */
  public boolean hasWholeFamily() {
    return hasWholeFamily;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Values that && texts.equals(that.texts);
  }

  @Override
  public int hashCode() {
    return texts.hashCode();
  }

  @Override
  public String toString() {
    return texts.toString();
  }
}
