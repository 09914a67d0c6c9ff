package org.passerelle.hypervisor.domain;

/**
 * A domain's number. Ids count up and are never used again; dom0 is the host. Xen's {@code xen.h}
 * keeps the numbers from 0x7FF0 for itself.
 */
public record DomainId(int value) implements Comparable<DomainId> {
  public static final int FIRST_RESERVED = 0x7FF0;
  public static final DomainId DOM0 = new DomainId(0);

  public DomainId {
    if (value < 0 || value >= FIRST_RESERVED) {
      throw new IllegalArgumentException(
          "domain id " + value + " is outside 0.." + (FIRST_RESERVED - 1));
    }
  }

  @Override
  public int compareTo(DomainId other) {
    return Integer.compare(value, other.value);
  }

  @Override
  public String toString() {
    return "dom" + value;
  }
}
