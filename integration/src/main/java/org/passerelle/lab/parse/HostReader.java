package org.passerelle.lab.parse;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.passerelle.lab.model.Host;
import org.passerelle.lab.model.Located;
import org.passerelle.lab.model.OutsideHost;
import org.passerelle.lab.model.Position;
import org.passerelle.lab.model.Problems;
import org.passerelle.lab.model.Settings;
import org.passerelle.lab.yaml.Value;
import org.passerelle.link.wire.VlanId;

/** {@code host:} and {@code outside:}. */
final class HostReader {
  /** The wire of the first NIC and of whoever names none. */
  static final String DEFAULT_WIRE = "wire";

  private final Problems problems;

  HostReader(Problems problems) {
    this.problems = problems;
  }

  /** Without a {@code host:} dom0 has one NIC, eth0, on the default wire. */
  Host host(Optional<Value> value, Position at) {
    if (value.isEmpty()) {
      return new Host(List.of(plainNic(at)), List.of());
    }
    Fields fields = Fields.of(value.get(), "host", problems);
    List<Host.Nic> nics = nics(fields, at);
    List<Host.Bridge> bridges = new ArrayList<>();
    Optional<Value> bridgesValue = fields.take("bridges");
    if (bridgesValue.isPresent()) {
      Fields each = Fields.of(bridgesValue.get(), "host.bridges", problems);
      each.keys().forEach(name -> bridge(name, each).ifPresent(bridges::add));
    }
    fields.done("in host");
    return new Host(nics, bridges);
  }

  private static Host.Nic plainNic(Position at) {
    return new Host.Nic("eth0", DEFAULT_WIRE, Optional.empty(), Settings.NONE, at);
  }

  private List<Host.Nic> nics(Fields host, Position at) {
    Optional<Value> value = host.take("nics");
    if (value.isEmpty()) {
      return List.of(plainNic(at));
    }
    List<Host.Nic> nics = new ArrayList<>();
    Fields each = Fields.of(value.get(), "host.nics", problems);
    each.keys().forEach(name -> nic(name, each).ifPresent(nics::add));
    return nics;
  }

  private Optional<Host.Nic> nic(String name, Fields all) {
    Optional<Located<String>> device = key(name, all);
    Fields fields = Fields.of(all.take(name).orElseThrow(), "a NIC", problems);
    Optional<Located<String>> wire = fields.one("wire", Grammar::device);
    if (wire.isEmpty() && !name.equals("eth0")) {
      problems.error(
          all.keyAt(name),
          name + ": needs a wire; only eth0 has one by itself. Write `" + name + ": {wire: lan}`");
    }
    Host.Nic nic =
        new Host.Nic(
            name,
            wire.map(Located::value).orElse(DEFAULT_WIRE),
            fields.one("mac", Grammar::mac),
            SettingsReader.read(fields),
            all.keyAt(name));
    fields.done("of a NIC");
    return device.map(valid -> nic);
  }

  private Optional<Host.Bridge> bridge(String name, Fields all) {
    Optional<Located<String>> device = key(name, all);
    Fields fields = Fields.of(all.take(name).orElseThrow(), "a bridge", problems);
    Settings settings = SettingsReader.read(fields);
    fields.done("of a bridge");
    return device.map(valid -> new Host.Bridge(name, settings, valid.at()));
  }

  /** A key that is a device's name. */
  private Optional<Located<String>> key(String name, Fields all) {
    return all.read(new Value.Scalar(name, false, all.keyAt(name)), Grammar::device);
  }

  List<OutsideHost> outside(Optional<Value> value) {
    List<OutsideHost> hosts = new ArrayList<>();
    if (value.isPresent()) {
      Fields each = Fields.of(value.get(), "outside", problems);
      each.keys().forEach(name -> outsideHost(name, each).ifPresent(hosts::add));
    }
    return hosts;
  }

  private Optional<OutsideHost> outsideHost(String name, Fields all) {
    Optional<Located<String>> valid =
        all.read(new Value.Scalar(name, false, all.keyAt(name)), Grammar::name);
    Fields fields = Fields.of(all.take(name).orElseThrow(), "an outside host", problems);
    Optional<Located<String>> wire = fields.one("wire", Grammar::device);
    OutsideHost host =
        new OutsideHost(
            name,
            wire.map(Located::value).orElse(DEFAULT_WIRE),
            fields.one("mac", Grammar::mac),
            SettingsReader.read(fields),
            vlans(fields),
            all.keyAt(name));
    fields.done("of an outside host");
    return valid.map(v -> host);
  }

  private List<OutsideHost.Vlan> vlans(Fields host) {
    List<OutsideHost.Vlan> vlans = new ArrayList<>();
    Optional<Value> value = host.take("vlans");
    if (value.isPresent()) {
      Fields each = Fields.of(value.get(), "vlans", problems);
      each.keys().forEach(number -> vlan(number, each).ifPresent(vlans::add));
    }
    return List.copyOf(vlans);
  }

  private Optional<OutsideHost.Vlan> vlan(String number, Fields all) {
    Optional<Located<VlanId>> id =
        all.read(new Value.Scalar(number, false, all.keyAt(number)), VlanId::parse);
    Fields fields = Fields.of(all.take(number).orElseThrow(), "a VLAN", problems);
    Settings settings = SettingsReader.read(fields);
    fields.done("of a VLAN");
    return id.map(valid -> new OutsideHost.Vlan(valid.value(), settings, valid.at()));
  }
}
