package org.passerelle.lab.run;

import java.util.function.Function;
import org.passerelle.link.os.Capability;
import org.passerelle.link.os.HostCapability;
import org.passerelle.link.os.Namespace;
import org.passerelle.link.os.Tap;
import org.passerelle.link.os.VethPorts;
import org.passerelle.link.port.LinkPort;
import org.passerelle.link.rtnl.Kernel;
import org.passerelle.link.rtnl.LinkChange;

/**
 * Makes the links at both ends of vifs: taps, or veth pairs where this host gives us no
 * /dev/net/tun, as most do not without root.
 */
final class LinkMaker {
  private final Function<String, LinkPort> kind;

  private LinkMaker(Function<String, LinkPort> kind) {
    this.kind = kind;
  }

  /** What the host has to have, beside veth pairs, for vifs to have links. */
  static Capability needed() {
    return taps() ? Capability.TAP : Capability.PACKET_SOCKET;
  }

  private static boolean taps() {
    return HostCapability.of(Capability.TAP).present();
  }

  static LinkMaker choose(Teardown teardown) {
    if (taps()) {
      return new LinkMaker(Tap::open);
    }
    VethPorts ports = new VethPorts();
    teardown.add("namespace behind the vifs", ports::close);
    return new LinkMaker(ports::open);
  }

  /** Makes a link with these settings, without a carrier yet. */
  LinkDevice open(Namespace namespace, String name, LinkChange settings, Runnable onClose) {
    LinkPort link = namespace.call(() -> kind.apply(name));
    try (Kernel kernel = namespace.kernel()) {
      link.carrier(false);
      kernel.change(name, settings);
      return new LinkDevice(link, onClose);
    } catch (RuntimeException e) {
      link.close();
      throw e;
    }
  }
}
