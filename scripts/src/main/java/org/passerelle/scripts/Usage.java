package org.passerelle.scripts;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.passerelle.link.list.Lists;

/**
 * What a script does, and by what it is told how, in one table: {@code --help} prints it, and a
 * word that is not in it means nothing to the script.
 *
 * @param commands what may be its first word
 * @param purpose its lines
 */
record Usage(String name, List<String> commands, String purpose, List<UsageEntry> entries) {

  static Usage ofNetwork(String name, String purpose, List<UsageEntry> entries) {
    return new Usage(
        name,
        List.of("start", "stop", "status"),
        purpose,
        Lists.concat(entries, UsageTables.NETWORK));
  }

  static Usage ofVif(String name, String purpose, List<UsageEntry> entries) {
    return new Usage(
        name,
        List.of("online", "offline", "add", "remove"),
        purpose,
        Lists.concat(entries, UsageTables.VIF));
  }

  /** Prints it if that is all that is asked for; whatever else is said is not looked at then. */
  boolean answers(ScriptContext context) {
    boolean asked = context.arguments().contains("--help") || context.arguments().contains("-h");
    if (asked) {
      lines().forEach(context.out()::println);
    }
    return asked;
  }

  boolean takes(String key) {
    return entry(key).isPresent();
  }

  /** Refuses a word of the script's without its value: whoever wrote it wants something by it. */
  void refuseWithoutValue(ScriptArguments arguments) {
    for (String word : arguments.more()) {
      entry(word)
          .ifPresent(
              entry -> {
                throw new ScriptException(
                    "%s needs a value, as in %s=...: %s".formatted(word, word, entry.meaning()));
              });
    }
  }

  private Optional<UsageEntry> entry(String key) {
    return Lists.first(entries, entry -> entry.isWord() && entry.key().equals(key));
  }

  /** Warns of misspelled words: they change nothing, and whoever wrote them would not see that. */
  void warnOfUnknown(ScriptContext context, ScriptArguments arguments) {
    for (String key : arguments.values().keySet()) {
      if (!takes(key)) {
        NetworkScript.warn(
            context,
            "%s=%s means nothing to %s, which has %s"
                .formatted(key, arguments.values().get(key), name, known()));
      }
    }
    for (String word : arguments.more()) {
      NetworkScript.warn(context, word + " means nothing after " + arguments.command());
    }
  }

  /** The keys of all words that mean something. */
  List<String> words() {
    return Lists.sorted(Lists.map(Lists.filter(entries, UsageEntry::isWord), UsageEntry::key));
  }

  /** How it is called, in one line. */
  String call() {
    return "usage: %s %s [KEY=VALUE...] [--dry-run]".formatted(name, String.join("|", commands));
  }

  private String known() {
    return String.join(", ", Lists.map(words(), key -> key + "="));
  }

  private List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(call());
    lines.add("");
    lines.addAll(Lists.lines(purpose));
    lines.add("With --dry-run: prints what it would do, as commands, and changes nothing.");
    for (UsageEntry.Kind kind : UsageEntry.Kind.values()) {
      List<UsageEntry> those = Lists.filter(entries, entry -> entry.kind() == kind);
      if (!those.isEmpty()) {
        lines.addAll(List.of("", kind.heading()));
        those.forEach(entry -> lines.add(entry.line()));
      }
    }
    return lines;
  }
}
