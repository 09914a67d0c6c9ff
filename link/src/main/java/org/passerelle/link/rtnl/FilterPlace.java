package org.passerelle.link.rtnl;

/**
 * Who made a link's place for filters. It has no mark itself: each filter of ours tells, by the
 * handle that it has as the one filter of its preference.
 */
public enum FilterPlace {
  OTHERS(1),
  OURS(2);

  private final int handle;

  FilterPlace(int handle) {
    this.handle = handle;
  }

  int handle() {
    return handle;
  }
}
