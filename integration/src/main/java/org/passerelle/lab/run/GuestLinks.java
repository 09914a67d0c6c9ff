package org.passerelle.lab.run;

import java.util.OptionalInt;
import org.passerelle.link.os.Namespace;
import org.passerelle.link.rtnl.LinkChange;
import org.passerelle.link.wire.MacAddress;
import org.passerelle.netback.GuestPorts;
import org.passerelle.netback.NetDevice;

/** A guest's interfaces, eth0 and so on, in its network namespace. */
record GuestLinks(LinkMaker links, Namespace namespace) implements GuestPorts {

  @Override
  public NetDevice open(int device, MacAddress mac, OptionalInt mtu) {
    LinkChange.Builder settings = LinkChange.builder().mac(mac);
    mtu.ifPresent(settings::mtu);
    return links.open(namespace, "eth" + device, settings.build(), () -> {});
  }
}
