package org.passerelle.scripts.agent;

import java.util.Set;

/** The scripts that the agent runs: those of vifs, which come and go by the hundred. */
final class ScriptNames {
  static final String USUAL = "vif-bridge";
  static final Set<String> VIF = Set.of(USUAL, "vif-route", "vif-nat");

  private ScriptNames() {}
}
