package org.passerelle.netback.testing;

import java.lang.foreign.MemorySegment;
import org.passerelle.hypervisor.DomainContext;
import org.passerelle.hypervisor.domain.DomainId;
import org.passerelle.hypervisor.memory.GrantAccess;
import org.passerelle.hypervisor.ring.FrontRing;
import org.passerelle.netback.protocol.FrontendNodes;
import org.passerelle.netback.protocol.Offloads;
import org.passerelle.netback.protocol.RxRequest;
import org.passerelle.netback.protocol.TxRequest;

/** A guest whose every step a test takes by hand. */
public final class ManualFrontend {
  private final DomainContext guest;
  private final int txFrame;
  private final int rxFrame;
  public final MemorySegment txPage;
  public final FrontRing tx;
  public final FrontendNodes nodes;

  public ManualFrontend(DomainContext guest) {
    this.guest = guest;
    txFrame = guest.memory().allocate();
    rxFrame = guest.memory().allocate();
    txPage = guest.memory().page(txFrame);
    tx = FrontRing.create(txPage, TxRequest.SIZE);
    FrontRing.create(guest.memory().page(rxFrame), RxRequest.SIZE);
    nodes =
        new FrontendNodes(
            guest.grants().grant(DomainId.DOM0, txFrame, GrantAccess.READ_WRITE),
            guest.grants().grant(DomainId.DOM0, rxFrame, GrantAccess.READ_WRITE),
            guest.events().allocateUnbound(DomainId.DOM0),
            guest.events().allocateUnbound(DomainId.DOM0),
            true,
            Offloads.ALL);
  }

  /** Tells the backend of the rings and says so. */
  public ManualFrontend connect() {
    nodes.write(this::write);
    state("4");
    return this;
  }

  public void write(String name, String value) {
    guest.store().write("device/vif/0/" + name, value);
  }

  public void state(String state) {
    write("state", state);
  }

  /** Sends one frame of zeros. */
  public void send(int length) {
    int page = guest.memory().allocate();
    int reference = guest.grants().grant(DomainId.DOM0, page, GrantAccess.READ_ONLY);
    TxRequest.write(txPage, tx.slot(tx.produceRequest()), reference, 0, 0, 1, length);
    if (tx.pushRequests()) {
      guest.events().notify(nodes.txPort());
    }
  }

  /** Whether the backend has let go of both rings. */
  public boolean endGrants() {
    return guest.grants().end(nodes.txRing()) & guest.grants().end(nodes.rxRing());
  }
}
