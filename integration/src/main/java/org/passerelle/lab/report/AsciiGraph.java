package org.passerelle.lab.report;

import java.util.ArrayList;
import java.util.List;
import org.passerelle.lab.model.AddressText;
import org.passerelle.lab.model.Lab;
import org.passerelle.lab.model.ScriptCall;
import org.passerelle.lab.topology.BridgeLayout;
import org.passerelle.lab.topology.Interface;
import org.passerelle.lab.topology.Station;
import org.passerelle.lab.topology.Topology;
import org.passerelle.lab.topology.Vif;
import org.passerelle.lab.topology.VlanLayout;
import org.passerelle.link.wire.IpPrefix;
import org.passerelle.vlan.VlanBridge;

/**
 * The topology as a picture of ASCII characters: each wire with the hosts that are plugged in, then
 * dom0 as a box whose right side the rings of the domains cross.
 *
 * <pre>
 *   wire
 *    |
 *    +-- gw/eth0   52:54:00:00:00:01  192.0.2.1/24
 *    |
 *    |  +-- dom0 -----------------------+
 *    +--|- peth0                        |
 *       |    |                          |
 *       |  xenbr0                       |
 *       |    +-- vif0.0 -- eth0         |
 *       |    +-- vif1.0 ================|=== web/eth0  00:16:3e:00:01:01
 *       +-------------------------------+
 * </pre>
 */
public final class AsciiGraph {
  private static final int LEAST_INNER = 30;
  private static final int WIDTH = CheckTable.WIDTH;

  private final Topology topology;
  private final List<String> lines = new ArrayList<>();
  private final int inner;

  private AsciiGraph(Topology topology) {
    this.topology = topology;
    int longest =
        topology.dom0().interfaces().stream()
            .flatMap(i -> i.addresses().stream())
            .mapToInt(address -> AddressText.of(address).length() + 13)
            .max()
            .orElse(0);
    this.inner = Math.max(LEAST_INNER, longest);
  }

  public static List<String> of(Topology topology) {
    AsciiGraph graph = new AsciiGraph(topology);
    topology.wires().forEach(graph::wire);
    graph.unwired();
    if (!topology.vifs().isEmpty()) {
      graph.lines.add("  ===  a shared ring between netfront and netback");
    }
    graph.lines.add("  switching: " + topology.lab().switching());
    return graph.lines;
  }

  private void wire(String wire) {
    lines.add("  " + wire);
    lines.add("   |");
    topology.stations(Station.Kind.OUTSIDE).stream()
        .flatMap(station -> station.interfaces().stream())
        .filter(i -> i.isOn(wire))
        .forEach(this::outside);
    List<String> box = box(wire);
    if (!box.isEmpty()) {
      if (!lines.getLast().equals("   |")) {
        lines.add("   |");
      }
      frame(box, true);
    }
    lines.add("");
  }

  private void outside(Interface host) {
    String head = "   +-- %-14s %s  ".formatted(host, host.mac());
    String line = head;
    for (IpPrefix address : host.addresses()) {
      if (line.length() + AddressText.of(address).length() > WIDTH) {
        lines.add(line.stripTrailing());
        line = "   |" + " ".repeat(head.length() - 4);
      }
      line += AddressText.of(address) + "  ";
    }
    lines.add(line.stripTrailing());
  }

  private List<String> box(String wire) {
    List<String> box = new ArrayList<>();
    for (var nic : topology.lab().host().nics()) {
      if (nic.wire().equals(wire)) {
        var made = topology.layout().filter(layout -> layout.nic().equals(nic.name()));
        made.ifPresentOrElse(layout -> bridge(layout, box), () -> plain(nic.name(), box));
        topology
            .vlans()
            .filter(layout -> layout.nic().netdev().equals(nic.name()))
            .ifPresent(layout -> layout.vlans().forEach(vlan -> vlan(layout, vlan, box)));
        if (nic.equals(topology.lab().host().nics().getFirst())) {
          routed(box);
        }
      }
    }
    return box;
  }

  /** Guests whose router dom0 is, by whichever of its NICs. */
  private void routed(List<String> box) {
    List<Vif> vifs = topology.vifs().stream().filter(Vif::isRouted).toList();
    if (vifs.isEmpty()) {
      return;
    }
    box.add("");
    box.add("  " + topology.lab().networkScript().map(ScriptCall::name).orElse("routes"));
    box.add("    |");
    vifs.forEach(vif -> vif(vif, box));
  }

  private void plain(String nic, List<String> box) {
    box.add("- " + nic);
    topology.dom0().device(nic).ifPresent(i -> addresses(i, "    ", box));
  }

  private void bridge(BridgeLayout layout, List<String> box) {
    box.add("- " + layout.physical());
    box.add("    |");
    box.add("  " + layout.bridge());
    topology.dom0().device(layout.bridge()).ifPresent(i -> addresses(i, "    |    ", box));
    box.add("    |");
    box.add("    +-- " + layout.port() + " -- " + layout.nic());
    topology.dom0().device(layout.nic()).ifPresent(i -> addresses(i, "    |    ", box));
    vifs(layout.bridge(), box);
  }

  private void vlan(VlanLayout layout, VlanBridge vlan, List<String> box) {
    box.add("    |");
    box.add("    " + layout.nic().device(vlan.vlan()));
    box.add("    |");
    box.add("  " + vlan.bridge());
    topology.dom0().device(vlan.bridge()).ifPresent(i -> addresses(i, "    |    ", box));
    box.add("    |");
    vifs(vlan.bridge(), box);
  }

  private void vifs(String bridge, List<String> box) {
    for (Vif vif : topology.vifs()) {
      if (!vif.isRouted() && vif.bridge().equals(bridge)) {
        vif(vif, box);
      }
    }
  }

  private static void addresses(Interface device, String indent, List<String> box) {
    box.add(indent + device.mac());
    device.addresses().forEach(address -> box.add(indent + AddressText.of(address)));
  }

  private void vif(Vif vif, List<String> box) {
    Interface guest =
        topology
            .station(vif.domain())
            .flatMap(station -> station.device("eth" + vif.handle()))
            .orElseThrow();
    String head = "    +-- " + vif.device() + " ";
    box.add(head + "=".repeat(inner - head.length()) + "|=== " + guest + "  " + guest.mac());
    String indent = "    |" + " ".repeat(inner - 5) + "|    ";
    List<IpPrefix> own =
        topology.dom0().device(vif.device()).map(Interface::addresses).orElse(List.of());
    for (int i = 0; i < Math.max(own.size(), guest.addresses().size()); i++) {
      String left = i < own.size() ? "    |    " + AddressText.of(own.get(i)) : "    |";
      String right = i < guest.addresses().size() ? AddressText.of(guest.addresses().get(i)) : "";
      box.add((left + " ".repeat(inner - left.length()) + "|    " + right).stripTrailing());
    }
    topology.station(vif.domain()).orElseThrow().interfaces().stream()
        .filter(i -> i.device().startsWith(guest.device() + "."))
        .forEach(i -> tagged(i, indent, box));
  }

  private static void tagged(Interface guest, String indent, List<String> box) {
    box.add(indent + guest.device());
    guest.addresses().forEach(address -> box.add(indent + "  " + AddressText.of(address)));
  }

  /** Puts lines into the box; a line that crosses its right side brings that side along. */
  private void frame(List<String> box, boolean plugged) {
    String title = "-- " + Lab.DOM0 + " ";
    lines.add((plugged ? "   |  +" : "      +") + title + "-".repeat(inner - title.length()) + "+");
    int last = lastPlug(box);
    for (int i = 0; i < box.size(); i++) {
      String line = box.get(i);
      String left = line.startsWith("- ") ? "   +--|" : plugged && i < last ? "   |  |" : "      |";
      boolean crosses = line.length() > inner;
      lines.add(left + line + (crosses ? "" : " ".repeat(inner - line.length()) + "|"));
    }
    lines.add("      +" + "-".repeat(inner) + "+");
  }

  private static int lastPlug(List<String> box) {
    int last = 0;
    for (int i = 0; i < box.size(); i++) {
      last = box.get(i).startsWith("- ") ? i : last;
    }
    return last;
  }

  /** Domains that no wire leads to: those without a vif. */
  private void unwired() {
    List<String> alone =
        topology.stations(Station.Kind.DOMAIN).stream()
            .filter(station -> station.interfaces().isEmpty())
            .map(Station::name)
            .toList();
    if (!alone.isEmpty()) {
      lines.add("  without a vif: " + String.join(", ", alone));
      lines.add("");
    }
  }
}
