package org.passerelle.lab.run;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.passerelle.hypervisor.DomainContext;
import org.passerelle.hypervisor.domain.DomainId;
import org.passerelle.lab.run.Places.Place;
import org.passerelle.link.rtnl.LinkChange;
import org.passerelle.link.wire.MacAddress;
import org.passerelle.netback.DataPlane;
import org.passerelle.netback.NetDevice;
import org.passerelle.netback.NetbackDriver;
import org.passerelle.netback.VifKey;
import org.passerelle.netback.XenbusThread;

/** dom0's side of the vifs: the backend driver, and a link for each vif. */
final class Backends {
  private final Place dom0;
  private final LinkMaker links;
  private final NetbackDriver driver;
  private final Map<String, LinkDevice> vifs = new ConcurrentHashMap<>();

  Backends(DomainContext host, Place dom0, LinkMaker links, DataPlane plane, XenbusThread xenbus) {
    this.dom0 = dom0;
    this.links = links;
    this.driver = new NetbackDriver(host, this::open, plane, xenbus);
  }

  private NetDevice open(String name) {
    LinkChange settings = LinkChange.builder().mac(MacAddress.VIF).build();
    LinkDevice device = links.open(dom0.namespace(), name, settings, () -> vifs.remove(name));
    vifs.put(name, device);
    return device;
  }

  Optional<LinkDevice> vif(String bornAs) {
    return Optional.ofNullable(vifs.get(bornAs));
  }

  void restart(DomainId domain, int handle) {
    driver.restart(new VifKey(domain, handle));
  }

  void close() {
    driver.close();
  }
}
