package org.passerelle.scripts;

/**
 * One line of a script's table.
 *
 * @param otherwise what counts without it; empty where that goes without saying
 */
record UsageEntry(Kind kind, String key, String meaning, String otherwise) {

  /** Where a script finds it. */
  enum Kind {
    WORD("Words, KEY=VALUE, in any order:", true),
    CALL("Words, KEY=VALUE, or variables of the environment, which count less:", true),
    SETTING("The same, or nodes of the vif's directory in XenStore, which count most:", true),
    NODE("Nodes of the vif's directory in XenStore:", false),
    STORE("Other nodes of XenStore:", false),
    RESULT("Written to XenStore:", false),
    VARIABLE("Environment:", false),
    FILE("Files:", false);

    private final String heading;
    private final boolean word;

    Kind(String heading, boolean word) {
      this.heading = heading;
      this.word = word;
    }

    String heading() {
      return heading;
    }
  }

  static UsageEntry word(String key, String meaning, String otherwise) {
    return new UsageEntry(Kind.WORD, key, meaning, otherwise);
  }

  static UsageEntry call(String key, String meaning, String otherwise) {
    return new UsageEntry(Kind.CALL, key, meaning, otherwise);
  }

  static UsageEntry setting(String key, String meaning, String otherwise) {
    return new UsageEntry(Kind.SETTING, key, meaning, otherwise);
  }

  static UsageEntry node(String key, String meaning, String otherwise) {
    return new UsageEntry(Kind.NODE, key, meaning, otherwise);
  }

  /** What has no default, or no name of its own. */
  static UsageEntry of(Kind kind, String key, String meaning) {
    return new UsageEntry(kind, key, meaning, "");
  }

  /** Whether it may be said as {@code key=value}. */
  boolean isWord() {
    return kind.word;
  }

  String line() {
    String text = "  %-20s  %s".formatted(key, meaning);
    return otherwise.isEmpty() ? text : text + " (default: " + otherwise + ")";
  }
}
