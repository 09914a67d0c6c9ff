package org.passerelle.link.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.passerelle.link.rtnl.Kernel;
import org.passerelle.link.rtnl.Link;
import org.passerelle.link.rtnl.SettingPath;

/**
 * Sets one of the settings below /proc/sys/net: a device's ({@code net/FAMILY/conf/DEVICE/NAME}) or
 * the host's ({@code net/FAMILY/NAME}).
 *
 * @param device empty for one of the host's
 * @param index the device's, in an undo; 0 when only the name is known
 * @param family {@code ipv4} or {@code ipv6}
 * @param left in an undo, the value that our step left: any other is somebody else's, and stays
 */
public record SetSysctl(
    String device, int index, String family, String name, String value, Optional<String> left)
    implements Operation {
  public static final String IPV4 = "ipv4";
  public static final String IPV6 = "ipv6";
  private static final String FORWARDING = "forwarding";
  private static final String ALL_REDIRECTS = "conf/all/accept_redirects";

  public SetSysctl {
    if (!family.equals(IPV4) && !family.equals(IPV6)
        || SettingPath.leadsElsewhere(device + "/" + name)) {
      throw new IllegalArgumentException("no setting: " + path(device, family, name));
    }
  }

  public static SetSysctl of(String device, String family, String name, String value) {
    return new SetSysctl(device, 0, family, name, value, Optional.empty());
  }

  /** Whether this host carries IPv4 packets from one device to another. */
  public static SetSysctl forwardIpv4() {
    return of("", IPV4, "ip_forward", "1");
  }

  /** Whether this host carries IPv6 packets from one device to another. */
  public static SetSysctl forwardIpv6() {
    return of("", IPV6, "conf/all/forwarding", "1");
  }

  private static String path(String device, String family, String name) {
    return "net/" + family + "/" + (device.isEmpty() ? "" : "conf/" + device + "/") + name;
  }

  /** Below /proc/sys. */
  public String path() {
    return path(device, family, name);
  }

  /** Empty where the kernel has no such setting. */
  public Optional<String> present(Host host) {
    return host.sysctl(path());
  }

  @Override
  public String command() {
    return "sysctl -w " + path() + "=" + value;
  }

  @Override
  public List<String> devices() {
    return device.isEmpty() ? List.of() : List.of(device);
  }

  @Override
  public String line() {
    return OperationCodec.encode(this);
  }

  @Override
  public void apply(Kernel kernel) {
    kernel.sysctl(path(), value);
  }

  @Override
  public List<Operation> undo(Host now) {
    Optional<String> before = present(now).filter(old -> !old.equals(value));
    return before.isPresent() ? undo(now, before.get()) : List.of();
  }

  private List<Operation> undo(Host now, String before) {
    int number = device.isEmpty() ? 0 : now.link(device).map(Link::index).orElse(0);
    List<Operation> undo = new ArrayList<>();
    undo.add(new SetSysctl(device, number, family, name, before, Optional.of(value)));
    if (device.isEmpty() && (name.equals("ip_forward") || name.equals("conf/all/" + FORWARDING))) {
      addSwept(now, before, undo);
    }
    return undo;
  }

  /**
   * The host's switch turns each device's with it, and IPv4's the readiness to take redirects
   * (inet_forward_change, linux/net/ipv4/devinet.c; addrconf_fixup_forwarding,
   * linux/net/ipv6/addrconf.c): those that stood otherwise are put back one by one.
   */
  private void addSwept(Host now, String before, List<Operation> undo) {
    for (Link link : now.links()) {
      SetSysctl own = of(link.name(), family, FORWARDING, before);
      own.present(now)
          .filter(value -> !value.equals(before))
          .ifPresent(value -> undo.add(own.back(link.index(), value, before)));
    }
    SetSysctl coming = of("", family, "conf/default/" + FORWARDING, before);
    coming
        .present(now)
        .filter(value -> !value.equals(before))
        .ifPresent(value -> undo.add(coming.back(0, value, before)));
    if (family.equals(IPV4)) {
      SetSysctl redirects = of("", family, ALL_REDIRECTS, "");
      String swept = before.equals("0") ? "1" : "0";
      redirects
          .present(now)
          .filter(value -> !value.equals(swept))
          .ifPresent(value -> undo.add(redirects.back(0, value, swept)));
    }
  }

  private SetSysctl back(int number, String to, String from) {
    return new SetSysctl(device, number, family, name, to, Optional.of(from));
  }

  @Override
  public boolean applyIfDue(Kernel kernel) {
    Optional<SetSysctl> due = underPresentName(kernel).filter(there -> there.isDue(kernel));
    due.ifPresent(there -> there.apply(kernel));
    return due.isPresent();
  }

  /** The same for a device that was renamed since; empty when it is gone. */
  Optional<SetSysctl> underPresentName(Kernel kernel) {
    Optional<String> name =
        device.isEmpty() ? Optional.of("") : Operation.find(kernel, device, index);
    return name.map(there -> new SetSysctl(there, index, family, this.name, value, left));
  }

  /** Whether the setting is there, is another one, and is still as our step left it. */
  boolean isDue(Kernel kernel) {
    Optional<String> present = kernel.sysctl(path());
    return present.isPresent()
        && !present.get().equals(value)
        && left.map(present.get()::equals).orElse(true);
  }
}
