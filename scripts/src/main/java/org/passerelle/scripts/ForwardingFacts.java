package org.passerelle.scripts;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.passerelle.link.rtnl.KernelException;

/** What {@code status} says of a script that makes dom0 a router: a line a fact. */
final class ForwardingFacts {
  private final String user;
  private final List<String> lines = new ArrayList<>();

  /**
   * @param user the script and its way out
   */
  ForwardingFacts(String user) {
    this.user = user;
    lines.add(user + ": started");
  }

  /** Where only root may look. */
  ForwardingFacts hidden() {
    lines.set(0, user + ": whether it is started only root sees");
    return this;
  }

  ForwardingFacts notStarted() {
    lines.set(0, user + ": not started");
    return this;
  }

  /** What cannot be asked is no reason not to tell the rest. */
  void add(String name, Supplier<String> value) {
    String text;
    try {
      text = value.get();
    } catch (KernelException e) {
      text = "not seen: " + e.getMessage();
    }
    lines.add("  %-14s %s".formatted(name, text));
  }

  List<String> lines() {
    return List.copyOf(lines);
  }
}
