package org.passerelle.lab.parse;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.passerelle.lab.model.Located;
import org.passerelle.lab.model.Position;
import org.passerelle.lab.model.Problems;
import org.passerelle.lab.model.Suggestion;
import org.passerelle.lab.yaml.Value;
import org.passerelle.lab.yaml.YamlReader;

/**
 * A mapping that is read key by key. What was asked for is known; {@link #done} refuses the rest,
 * each with the nearest known key.
 */
final class Fields {
  private final Value.Mapping mapping;
  private final Problems problems;
  private final Set<String> known = new LinkedHashSet<>();

  Fields(Value.Mapping mapping, Problems problems) {
    this.mapping = mapping;
    this.problems = problems;
  }

  /** The fields of a value that must be a mapping; anything else is noted, and read as empty. */
  static Fields of(Value value, String what, Problems problems) {
    if (value instanceof Value.Mapping mapping) {
      return new Fields(mapping, problems);
    }
    boolean nothing = value instanceof Value.Scalar scalar && scalar.text().isEmpty();
    if (!nothing) {
      problems.error(value.at(), what + " must be keys and values, not " + value.kind());
    }
    return new Fields(new Value.Mapping(java.util.Map.of(), value.at()), problems);
  }

  Position at() {
    return mapping.at();
  }

  Set<String> keys() {
    return mapping.entries().keySet();
  }

  Position keyAt(String key) {
    return mapping.entries().get(key).keyAt();
  }

  Optional<Value> take(String key) {
    known.add(key);
    return Optional.ofNullable(mapping.entries().get(key)).map(Value.Entry::value);
  }

  /**
   * A key whose names the rest of the file is full of: when it is misspelt, {@link #done} says
   * that, and it is read all the same, or each of those names would be wrong, too.
   */
  Optional<Value> section(String key) {
    return take(key)
        .or(
            () ->
                keys().stream()
                    .filter(other -> !known.contains(other) && Suggestion.isNear(other, key))
                    .findFirst()
                    .map(other -> mapping.entries().get(other).value()));
  }

  /** A key that must be there. */
  Optional<Value> need(String key, String example) {
    Optional<Value> value = take(key);
    if (value.isEmpty()) {
      problems.error(at(), "`" + key + "` is missing here; for example `" + example + "`");
    }
    return value;
  }

  /** The key's single value. */
  Optional<Value.Scalar> scalar(String key) {
    return take(key).flatMap(value -> scalar(key, value, problems));
  }

  Optional<Value.Scalar> needScalar(String key, String example) {
    return need(key, example).flatMap(value -> scalar(key, value, problems));
  }

  static Optional<Value.Scalar> scalar(String what, Value value, Problems problems) {
    if (value instanceof Value.Scalar scalar && (scalar.quoted() || !scalar.text().isEmpty())) {
      return Optional.of(scalar);
    }
    problems.error(value.at(), what + " must be a single value, not " + value.kind());
    return Optional.empty();
  }

  /**
   * The key's values, one or a list, each read by {@code read}; those that it refuses are noted.
   */
  <T> List<Located<T>> each(String key, Function<String, T> read) {
    List<Value> items = take(key).map(YamlReader::items).orElse(List.of());
    return items.stream()
        .flatMap(item -> scalar(key, item, problems).stream())
        .flatMap(item -> read(item, read).stream())
        .toList();
  }

  /** The key's single value, read by {@code read}. */
  <T> Optional<Located<T>> one(String key, Function<String, T> read) {
    return scalar(key).flatMap(scalar -> read(scalar, read));
  }

  /** Reads a scalar; an {@link IllegalArgumentException} becomes a problem at its place. */
  <T> Optional<Located<T>> read(Value.Scalar scalar, Function<String, T> read) {
    try {
      return Optional.of(new Located<>(read.apply(scalar.text()), scalar.at()));
    } catch (IllegalArgumentException e) {
      problems.error(scalar.at(), Grammar.naming(scalar.text(), e.getMessage()));
      return Optional.empty();
    }
  }

  /** Keys that the format has and we do not carry out yet. */
  void unsupported(String... keys) {
    for (String key : keys) {
      take(key).ifPresent(value -> problems.unsupported(keyAt(key), "`" + key + "`"));
    }
  }

  /** Refuses every key that nobody asked for. */
  void done(String where) {
    for (String key : keys()) {
      if (!known.contains(key)) {
        problems.error(
            keyAt(key), key + ": no such key " + where + "; " + Suggestion.of(key, known));
      }
    }
  }
}
