package org.passerelle.scripts;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A script's arguments as the originals take them: the command is the first word without {@code =},
 * wherever it stands; everything else is {@code key=value}, in any order, the last one winning. A
 * value is text: nothing is ever evaluated. {@code --dry-run} is ours.
 *
 * @param command empty when there is none
 * @param more what else has no {@code =}, and means nothing
 */
record ScriptArguments(
    String command, List<String> more, Map<String, String> values, boolean dryRun) {

  static ScriptArguments parse(List<String> arguments) {
    String command = "";
    boolean dryRun = false;
    List<String> more = new ArrayList<>();
    Map<String, String> values = new LinkedHashMap<>();
    for (String argument : arguments) {
      int equals = argument.indexOf('=');
      if (argument.equals("--dry-run")) {
        dryRun = true;
      } else if (argument.startsWith("-")) {
        throw new ScriptException(
            "unknown option " + argument + "; there are --dry-run and --help");
      } else if (equals > 0) {
        values.put(argument.substring(0, equals), argument.substring(equals + 1));
      } else if (command.isEmpty()) {
        command = argument;
      } else {
        more.add(argument);
      }
    }
    return new ScriptArguments(command, List.copyOf(more), values, dryRun);
  }

  /** A key's value; an empty one counts as none. */
  Optional<String> value(String key) {
    return Optional.ofNullable(values.get(key)).filter(value -> !value.isEmpty());
  }

  /** A key's values where there may be several: between blanks or commas. */
  List<String> several(String key) {
    return Stream.of(values.getOrDefault(key, "").split("[\\s,]+"))
        .filter(word -> !word.isEmpty())
        .toList();
  }

  /** The same with another value of a key. */
  ScriptArguments with(String key, String value) {
    Map<String, String> changed = new LinkedHashMap<>(values);
    changed.put(key, value);
    return new ScriptArguments(command, more, changed, dryRun);
  }

  /** A key that is yes or no; no when it is not there. */
  boolean isYes(String key) {
    return isYes(key, value(key).orElse("no"));
  }

  static boolean isYes(String key, String value) {
    return switch (value) {
      case "yes" -> true;
      case "no" -> false;
      default -> throw new ScriptException(key + "=" + value + ": neither yes nor no");
    };
  }

  /** A number; {@code otherwise} when the key is not there. */
  int number(String key, int otherwise, int most) {
    Optional<String> text = value(key);
    if (text.isEmpty()) {
      return otherwise;
    }
    if (!text.get().matches("\\d{1,4}") || Integer.parseInt(text.get()) > most) {
      throw new ScriptException(key + "=" + text.get() + ": not a number from 0 to " + most);
    }
    return Integer.parseInt(text.get());
  }
}
