package org.passerelle.lab.model;

/** Where frames are watched. */
public sealed interface Point {

  /** A wire, all of it. */
  record Wire(String name) implements Point {
    @Override
    public String toString() {
      return name;
    }
  }

  /** A device of dom0, of a domain, or of an outside host: {@code web/eth0}. */
  record Device(String station, String device) implements Point {
    @Override
    public String toString() {
      return station + "/" + device;
    }
  }

  /** The ring of a domain's vif: {@code web/vif0}. */
  record Ring(String domain, int handle) implements Point {
    @Override
    public String toString() {
      return domain + "/vif" + handle;
    }
  }
}
