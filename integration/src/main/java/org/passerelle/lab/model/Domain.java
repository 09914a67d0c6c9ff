package org.passerelle.lab.model;

import java.util.List;

/** A domU: its vifs in order, and what its own administrator sets on eth0, eth1, … */
public record Domain(String name, List<VifLine> vifs, List<Interface> interfaces, Position at) {

  /** The guest's side of the vif with the same number. */
  public record Interface(int index, Settings settings, Position at) {
    public String device() {
      return "eth" + index;
    }
  }
}
