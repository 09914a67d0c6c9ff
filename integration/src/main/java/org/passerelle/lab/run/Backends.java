package org.passerelle.lab.run;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.passerelle.hypervisor.DomainContext;
import org.passerelle.hypervisor.domain.DomainId;
import org.passerelle.lab.run.Places.Place;
import org.passerelle.link.os.Tap;
import org.passerelle.link.rtnl.Kernel;
import org.passerelle.link.rtnl.LinkChange;
import org.passerelle.link.wire.MacAddress;
import org.passerelle.netback.DataPlane;
import org.passerelle.netback.NetDevice;
import org.passerelle.netback.NetbackDriver;
import org.passerelle.netback.VifKey;
import org.passerelle.netback.XenbusThread;

/** dom0's side of the vifs: the backend driver, and a tap for each vif. */
final class Backends {
  private final Place dom0;
  private final NetbackDriver driver;
  private final Map<String, TapDevice> vifs = new ConcurrentHashMap<>();

  Backends(DomainContext host, Place dom0, DataPlane plane, XenbusThread xenbus) {
    this.dom0 = dom0;
    this.driver = new NetbackDriver(host, this::open, plane, xenbus);
  }

  private NetDevice open(String name) {
    Tap tap = dom0.namespace().call(() -> Tap.open(name));
    TapDevice device = new TapDevice(tap, () -> vifs.remove(name));
    try (Kernel kernel = dom0.namespace().kernel()) {
      device.carrier(false);
      kernel.change(name, LinkChange.builder().mac(MacAddress.VIF).build());
    } catch (RuntimeException e) {
      tap.close();
      throw e;
    }
    vifs.put(name, device);
    return device;
  }

  Optional<TapDevice> vif(String bornAs) {
    return Optional.ofNullable(vifs.get(bornAs));
  }

  void restart(DomainId domain, int handle) {
    driver.restart(new VifKey(domain, handle));
  }

  void close() {
    driver.close();
  }
}
