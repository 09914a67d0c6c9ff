package org.passerelle.lab.parse;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.passerelle.lab.model.Position;
import org.passerelle.lab.model.Problems;
import org.passerelle.lab.model.ScriptCall;
import org.passerelle.lab.model.Suggestion;
import org.passerelle.lab.yaml.Value;

/** {@code network-script:}, {@code vif-script:} and a vif's {@code script=}. */
final class ScriptReader {
  private static final Set<String> NETWORK =
      new LinkedHashSet<>(
          List.of(
              "network-bridge",
              "network-bridge-vlan",
              "network-multi-vlan",
              "network-nat",
              "network-route"));
  private static final Set<String> VIF =
      new LinkedHashSet<>(List.of("vif-bridge", "vif-nat", "vif-route"));

  private final Problems problems;

  ScriptReader(Problems problems) {
    this.problems = problems;
  }

  /** Splits at blanks, as xend does; a directory before the script's name is dropped. */
  static ScriptCall call(String text, Position at) {
    List<String> words =
        Arrays.stream(text.strip().split("\\s+")).filter(w -> !w.isEmpty()).toList();
    if (words.isEmpty()) {
      throw new IllegalArgumentException("names no script");
    }
    String name = words.getFirst().substring(words.getFirst().lastIndexOf('/') + 1);
    return new ScriptCall(name, words.subList(1, words.size()), at);
  }

  Optional<ScriptCall> network(Optional<Value.Scalar> value) {
    return value.flatMap(scalar -> checked(scalar, NETWORK, "network script"));
  }

  ScriptCall vif(Optional<Value.Scalar> value, Position otherwise) {
    return value
        .flatMap(scalar -> checked(scalar, VIF, "vif script"))
        .orElse(new ScriptCall("vif-bridge", List.of(), otherwise));
  }

  /** A vif's own script, which {@link VifLineReader} has split already. */
  ScriptCall vif(ScriptCall call) {
    return understood(call, VIF, "vif script");
  }

  private Optional<ScriptCall> checked(Value.Scalar scalar, Set<String> known, String what) {
    if (scalar.text().isBlank()) {
      problems.error(scalar.at(), "names no " + what + "; write " + String.join(" or ", known));
      return Optional.empty();
    }
    return Optional.of(understood(call(scalar.text(), scalar.at()), known, what));
  }

  /** One that is misspelt is read as the one that was meant: all else would seem wrong, too. */
  private ScriptCall understood(ScriptCall call, Set<String> known, String what) {
    if (!known.contains(call.name())) {
      problems.error(
          call.at(), call.name() + ": no such " + what + "; " + Suggestion.of(call.name(), known));
    }
    for (String argument : call.arguments()) {
      if (argument.indexOf('=') < 1) {
        problems.error(
            call.at(),
            argument + ": arguments of " + call.name() + " are key=value, as in xend-config.sxp");
      }
    }
    return Suggestion.nearest(call.name(), known)
        .map(meant -> new ScriptCall(meant, call.arguments(), call.at()))
        .orElse(call);
  }
}
