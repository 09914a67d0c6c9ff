package org.passerelle.lab.switching;

import java.util.ArrayList;
import java.util.List;
import org.passerelle.link.port.LoopbackPort;
import org.passerelle.link.port.Port;
import org.passerelle.link.port.PortDecorator;
import org.passerelle.link.rtnl.Kernel;
import org.passerelle.link.rtnl.LinkSpec;
import org.passerelle.link.rtnl.VethKind;

/** Ways into a kernel in memory, and what was done there. */
final class FakeDoors implements Doors {
  final List<String> log = new ArrayList<>();
  private final Kernel kernel;
  private int made;

  /** Thrown when the next device is to be prepared, or taken over. */
  RuntimeException refusal;

  /** Done before that. */
  Runnable whenRefusing = () -> {};

  /** What the ports that are made next poll by; -1 for nothing. */
  int descriptor = -1;

  FakeDoors(Kernel kernel) {
    this.kernel = kernel;
  }

  @Override
  public Port makeLocal(LinkSpec bridge) {
    VethKind pair = new VethKind("local" + made++);
    kernel.create(new LinkSpec(bridge.name(), pair, bridge.mac(), bridge.mtu(), bridge.group()));
    return new Logged(bridge.name());
  }

  @Override
  public Port share(String device) {
    refuse();
    log.add("share " + device);
    return new Logged(device);
  }

  @Override
  public void prepare(String device, VethKind pair) {
    refuse();
    log.add("prepare " + device + " and " + pair.peer());
  }

  @Override
  public Port takeOver(String device) {
    refuse();
    log.add("take " + device);
    return new Logged(device);
  }

  private void refuse() {
    if (refusal != null) {
      whenRefusing.run();
      throw refusal;
    }
  }

  /** Says when it is closed. */
  private final class Logged extends PortDecorator {
    private final int polled = descriptor;

    Logged(String name) {
      super(LoopbackPort.pair(name, name, 1).one());
    }

    @Override
    public int descriptor() {
      return polled;
    }

    @Override
    public void close() {
      log.add("give back " + port.name());
    }
  }
}
