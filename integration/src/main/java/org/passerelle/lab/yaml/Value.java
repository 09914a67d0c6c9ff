package org.passerelle.lab.yaml;

import java.util.List;
import java.util.Map;
import org.passerelle.lab.model.Position;

/** A YAML value and where it begins. */
public sealed interface Value {
  Position at();

  /** What kind of thing it is, for messages. */
  String kind();

  /**
   * A single value as its text; {@code null}, {@code ~} and nothing at all are the empty text.
   *
   * @param quoted whether a quotation mark stands before the first character
   */
  record Scalar(String text, boolean quoted, Position at) implements Value {
    @Override
    public String kind() {
      return text.isEmpty() ? "nothing" : "a single value";
    }

    /** Where the character at {@code offset} of the text stands, in a text of one line. */
    public Position at(int offset) {
      return new Position(at.line(), at.column() + offset + (quoted ? 1 : 0));
    }
  }

  /** A list. */
  record Sequence(List<Value> items, Position at) implements Value {
    @Override
    public String kind() {
      return "a list";
    }
  }

  /** Keys and values, in the order of the file. */
  record Mapping(Map<String, Entry> entries, Position at) implements Value {
    @Override
    public String kind() {
      return "keys and values";
    }
  }

  /** One key's place and value. */
  record Entry(Position keyAt, Value value) {}
}
