package org.passerelle.lab.switching;

import java.util.List;
import org.passerelle.link.os.LinkMonitor;
import org.passerelle.link.os.Namespace;
import org.passerelle.link.os.NetlinkKernel;
import org.passerelle.link.os.Opened;
import org.passerelle.link.os.Poller;
import org.passerelle.link.rtnl.Kernel;

/** A namespace whose bridges are in user space; the way in to this package. */
public final class SwitchedNamespace implements AutoCloseable {
  private final SwitchThread thread;
  private final Namespace namespace;
  private final NamespaceDoors doors;
  private final NetlinkKernel survey;
  private final LinkMonitor monitor;
  private final Switchboard board;

  /**
   * Starts without bridges.
   *
   * @param namespace somebody else closes it
   * @throws org.passerelle.link.rtnl.KernelException when there are no more descriptors
   */
  public SwitchedNamespace(SwitchThread thread, Namespace namespace) {
    this.thread = thread;
    this.namespace = namespace;
    Opened opened = new Opened();
    try {
      this.doors = opened.add(new NamespaceDoors(namespace));
      this.survey = opened.add(namespace.kernel());
      this.monitor = opened.add(namespace.call(LinkMonitor::open));
      this.board = new Switchboard(thread, doors, survey::linkNews);
      thread.run(this::listen);
    } catch (RuntimeException e) {
      opened.closeAfter(e);
      throw e;
    }
  }

  private void listen() {
    thread.poller().add(monitor.descriptor(), Poller.READABLE, events -> monitor.read(board));
  }

  /** Opens its configuration. Each such kernel has one owner; all show and change the same. */
  public Kernel kernel() {
    return new SwitchedKernel(namespace.kernel(), board);
  }

  /** Ends all bridges and gives their ports' devices back. */
  @Override
  public void close() {
    thread.run(() -> thread.poller().remove(monitor.descriptor()));
    board.endAll();
    monitor.close();
    survey.close();
    thread.closeLater(List.of(doors)); // after the ports of devices that have just vanished
  }
}
