package org.passerelle.lab.validate;

import org.passerelle.lab.model.Problems;
import org.passerelle.lab.topology.Topology;

/** Finds what cannot work; the way in to this package. */
public final class Validator {
  private Validator() {}

  /** Notes every problem of the topology and its checks. */
  public static void validate(Topology topology, Problems problems) {
    new NameRules(topology, problems).check();
    ScriptRules scripts = new ScriptRules(topology, problems);
    scripts.check();
    new DeviceRules(topology, problems, scripts).check();
    new AddressRules(topology, problems).check();
    // Guests that lack their mode's addresses make each check seem wrong.
    if (scripts.goTogether()) {
      new CheckRules(topology, problems).check();
    }
  }
}
