package org.passerelle.lab.model;

import java.util.List;
import java.util.Optional;

/**
 * A script with its arguments, as a line of {@code xend-config.sxp} has it.
 *
 * @param name without a directory: {@code network-bridge}
 */
public record ScriptCall(String name, List<String> arguments, Position at) {

  /**
   * The value of the last {@code KEY=VALUE}; empty when absent or empty, as the scripts read it.
   */
  public Optional<String> argument(String key) {
    return arguments.stream()
        .filter(argument -> argument.startsWith(key + "="))
        .map(argument -> argument.substring(key.length() + 1))
        .reduce((first, last) -> last)
        .filter(value -> !value.isEmpty());
  }

  @Override
  public String toString() {
    return arguments.isEmpty() ? name : name + " " + String.join(" ", arguments);
  }
}
