package org.passerelle.lab.topology;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.passerelle.lab.model.Located;
import org.passerelle.link.wire.MacAddress;

/**
 * MAC addresses for whoever was given none: the same ones each time, so that captures of two runs
 * can be compared.
 */
final class MacAllocator {
  /** Xen's own block; the fourth octet stays below 0x80, as xend has it. */
  private static final long XEN = 0x0016_3E00_0000L;

  /** The block that QEMU uses, for the hardware that we pretend. */
  private static final long HARDWARE = 0x5254_0000_0000L;

  private final String lab;
  private final Set<MacAddress> taken = new HashSet<>();

  MacAllocator(String lab) {
    this.lab = lab;
  }

  /** Keeps an address that the file gives out of the allocator's hands. */
  void reserve(Optional<Located<MacAddress>> given) {
    given.ifPresent(mac -> taken.add(mac.value()));
  }

  MacAddress vif(Optional<Located<MacAddress>> given, String owner) {
    return given.map(Located::value).orElseGet(() -> free(XEN, owner));
  }

  MacAddress hardware(Optional<Located<MacAddress>> given, String owner) {
    return given.map(Located::value).orElseGet(() -> free(HARDWARE, owner));
  }

  private MacAddress free(long block, String owner) {
    long suffix = (lab + "/" + owner).hashCode() & 0x7F_FFFFL;
    while (!taken.add(new MacAddress(block | suffix))) {
      suffix = suffix + 1 & 0x7F_FFFFL;
    }
    return new MacAddress(block | suffix);
  }
}
