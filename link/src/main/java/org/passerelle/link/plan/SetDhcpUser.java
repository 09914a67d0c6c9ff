package org.passerelle.link.plan;

import java.util.List;
import org.passerelle.link.rtnl.Kernel;

/**
 * Has a DHCP server run for somebody, or not any more: it runs as long as anybody wants it.
 *
 * @param user who wants it
 * @param there whether it is to run for them
 */
public record SetDhcpUser(String user, boolean there) implements Operation {

  /** The server's files are made with it, so that there is no command to type. */
  @Override
  public String command() {
    return "# the DHCP server " + (there ? "starts" : "ends") + " for " + user;
  }

  @Override
  public List<String> devices() {
    return List.of();
  }

  @Override
  public String line() {
    return OperationCodec.encode(this);
  }

  @Override
  public void apply(Kernel kernel) {
    if (there) {
      kernel.startDhcp(user);
    } else {
      kernel.stopDhcp(user);
    }
  }

  /** A server that was to run and did not is not killed again. */
  @Override
  public List<Operation> undo(Host now) {
    boolean present = now.dhcpUsers().contains(user);
    return present == there ? List.of() : List.of(new SetDhcpUser(user, !there));
  }

  @Override
  public boolean applyIfDue(Kernel kernel) {
    boolean due = kernel.dhcpUsers().contains(user) != there;
    if (due) {
      apply(kernel);
    }
    return due;
  }
}
