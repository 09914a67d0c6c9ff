package org.passerelle.link.plan;

import java.util.List;
import java.util.Optional;
import org.passerelle.link.rtnl.DhcpHost;
import org.passerelle.link.rtnl.Kernel;

/**
 * Tells the DHCP server of a guest, or to forget one.
 *
 * @param there whether it is to know the guest
 */
public record SetDhcpHost(DhcpHost host, boolean there) implements Operation {

  /** As of dnsmasq, whose entry it is unless the host has another server. */
  @Override
  public String command() {
    return there ? "dnsmasq --dhcp-host=" + host.words() : "rm dhcp/hosts/" + host.vif();
  }

  @Override
  public List<String> devices() {
    return List.of(host.device());
  }

  @Override
  public String line() {
    return OperationCodec.encode(this);
  }

  @Override
  public void apply(Kernel kernel) {
    if (there) {
      kernel.add(host);
    } else {
      kernel.remove(host);
    }
  }

  @Override
  public List<Operation> undo(Host now) {
    boolean present = now.dhcpHost(host.vif()).filter(host::equals).isPresent();
    return present == there ? List.of() : List.of(new SetDhcpHost(host, !there));
  }

  /** What another one was told of the same vif since stays. */
  @Override
  public boolean applyIfDue(Kernel kernel) {
    Optional<DhcpHost> known = kernel.dhcpHost(host.vif());
    boolean due = there ? known.isEmpty() : known.filter(host::equals).isPresent();
    if (due) {
      apply(kernel);
    }
    return due;
  }
}
