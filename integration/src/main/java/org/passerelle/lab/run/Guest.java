package org.passerelle.lab.run;

import java.util.Map;
import java.util.TreeMap;
import org.passerelle.hypervisor.DomainContext;
import org.passerelle.lab.run.Places.Place;
import org.passerelle.lab.topology.Interface;
import org.passerelle.lab.topology.Station;
import org.passerelle.lab.topology.Vif;
import org.passerelle.netback.DataPlane;
import org.passerelle.netback.NetfrontDriver;
import org.passerelle.netback.XenbusThread;

/** A running domU: its memory and ports, its network namespace, a frontend for each vif. */
final class Guest implements Frontends {
  /** What a guest has beside the pages of its vifs. */
  private static final int SPARE_PAGES = 64;

  private final Station station;
  private final DomainContext context;
  private final Place place;
  private final DhcpClient client;
  private final LinkMaker links;
  private final DataPlane plane;
  private final XenbusThread xenbus;
  private final Map<Integer, NetfrontDriver> frontends = new TreeMap<>();

  Guest(
      Station station,
      DomainContext context,
      Place place,
      DhcpClient client,
      LinkMaker links,
      DataPlane plane,
      XenbusThread xenbus) {
    this.station = station;
    this.context = context;
    this.place = place;
    this.client = client;
    this.links = links;
    this.plane = plane;
    this.xenbus = xenbus;
  }

  /** Pages for so many vifs; one more can be detached and attached while others hold theirs. */
  static int pages(int vifs) {
    return SPARE_PAGES + (vifs + 1) * NetfrontDriver.PAGES;
  }

  DomainContext context() {
    return context;
  }

  @Override
  public void probe(Vif vif) {
    frontends.put(
        vif.handle(),
        new NetfrontDriver(
            context, vif.handle(), new GuestLinks(links, place.namespace()), plane, xenbus));
  }

  /** What the guest's administrator sets, once the interface is there. */
  void configure(Vif vif) throws InterruptedException {
    String device = "eth" + vif.handle();
    for (Interface each : station.interfaces()) {
      if (each.device().equals(device) || each.device().startsWith(device + ".")) {
        each.vlan().ifPresent(vlan -> Wiring.tag(place, each.device(), vlan));
        if (each.settings().leased()) {
          client.ask(place, each);
        }
        InterfaceSetup.apply(place.kernel(), each.device(), each.settings());
      }
    }
  }

  @Override
  public void remove(Vif vif) {
    NetfrontDriver driver = frontends.remove(vif.handle());
    if (driver != null) {
      driver.close();
    }
  }
}
