package org.passerelle.scripts.trunk;

/** Where a trunk process is in its life; the package's drawing has the ways between. */
enum TrunkState {
  STARTING("it starts"),
  SERVING("it serves"),
  NIC_GONE("the NIC is gone, and its VLANs go with it"),
  UNUSED("no VLAN is left"),
  STOPPED("it was told to stop; the VLANs stay, and are not served");

  private final String words;

  TrunkState(String words) {
    this.words = words;
  }

  boolean isEnd() {
    return this != STARTING && this != SERVING;
  }

  @Override
  public String toString() {
    return words;
  }
}
