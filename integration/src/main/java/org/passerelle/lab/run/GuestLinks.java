package org.passerelle.lab.run;

import java.util.OptionalInt;
import org.passerelle.link.os.Namespace;
import org.passerelle.link.os.Tap;
import org.passerelle.link.rtnl.Kernel;
import org.passerelle.link.rtnl.LinkChange;
import org.passerelle.link.wire.MacAddress;
import org.passerelle.netback.GuestPorts;
import org.passerelle.netback.NetDevice;

/** A guest's interfaces, eth0 and so on, in its network namespace. */
record GuestLinks(Namespace namespace) implements GuestPorts {

  @Override
  public NetDevice open(int device, MacAddress mac, OptionalInt mtu) {
    String name = "eth" + device;
    Tap tap = namespace.call(() -> Tap.open(name));
    TapDevice made = new TapDevice(tap, () -> {});
    LinkChange.Builder change = LinkChange.builder().mac(mac);
    mtu.ifPresent(change::mtu);
    try (Kernel kernel = namespace.kernel()) {
      made.carrier(false);
      kernel.change(name, change.build());
      return made;
    } catch (RuntimeException e) {
      tap.close();
      throw e;
    }
  }
}
