package org.passerelle.lab.switching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.passerelle.link.port.Frame;
import org.passerelle.link.port.Frames;
import org.passerelle.link.port.LoopbackPort;
import org.passerelle.link.port.Port;
import org.passerelle.link.port.PortDecorator;

/** A bridge of index 1 with the ports 2, where WEB is, and 3, where DB is. */
class UserBridgeTest {
  private static final String WEB = "00163e000001";
  private static final String DB = "00163e000002";
  private static final String BROADCAST = "ffffffffffff";

  private final SwitchThread thread = new SwitchThread();
  private final LoopbackPort.Pair local = LoopbackPort.pair("br0", "local", 8);
  private final LoopbackPort.Pair web = LoopbackPort.pair("vif1.0", "web", 8);
  private final LoopbackPort.Pair db = LoopbackPort.pair("vif2.0", "db", 8);
  private UserBridge bridge;

  @BeforeEach
  void bridge() {
    bridge = thread.call(() -> new UserBridge("br0", 1, thread, local.one()));
    thread.run(() -> bridge.add(2, web.one(), true));
    thread.run(() -> bridge.add(3, db.one(), true));
    thread.run(() -> bridge.up(true));
  }

  @AfterEach
  void stop() {
    thread.close();
  }

  /** Sends a frame; returns the ends that it reached. */
  private List<String> send(LoopbackPort.Pair from, String source, String destination) {
    return thread.call(
        () -> {
          from.other().send(Frames.of(destination + source + "88b5"));
          bridge.doWork();
          List<String> reached = new ArrayList<>();
          for (LoopbackPort.Pair pair : List.of(local, web, db)) {
            reached.addAll(drain(pair.other()));
          }
          return reached;
        });
  }

  private static List<String> drain(LoopbackPort end) {
    Frame frame = Frames.empty();
    return end.receive(frame) ? List.of(end.name()) : List.of();
  }

  @Test
  void forwardsWhileItsDeviceIsUp() {
    assertThat(send(web, WEB, BROADCAST)).containsExactly("local", "db");
    assertThat(send(db, DB, WEB)).containsExactly("web");
    thread.run(() -> bridge.up(false));
    assertThat(send(db, DB, WEB)).isEmpty();
  }

  @Test
  void aPortThatLosesItsLinkLosesItsStations() {
    send(web, WEB, BROADCAST);
    thread.run(() -> bridge.carrier(2, true));
    assertThat(send(db, DB, WEB)).containsExactly("web");
    thread.run(() -> bridge.carrier(2, false));
    assertThat(send(db, DB, WEB)).containsExactly("local", "web");
  }

  @Test
  void itsOwnDeviceHearsAllWhileSomebodyListensThere() {
    send(web, WEB, BROADCAST);
    thread.run(() -> bridge.promiscuous(true));
    assertThat(send(db, DB, WEB)).containsExactly("local", "web");
    thread.run(() -> bridge.up(false));
    thread.run(() -> bridge.up(true));
    send(web, WEB, BROADCAST);
    assertThat(send(db, DB, WEB)).containsExactly("local", "web");
    thread.run(() -> bridge.promiscuous(false));
    assertThat(send(db, DB, WEB)).containsExactly("web");
  }

  @Test
  void whoeverLeavesGetsNothing() {
    send(web, WEB, BROADCAST);
    assertThat(thread.call(() -> bridge.remove(2))).contains(web.one());
    assertThat(thread.call(() -> bridge.remove(2))).isEmpty();
    assertThat(send(db, DB, WEB)).containsExactly("local");
    assertThat(thread.call(bridge::end)).containsExactlyInAnyOrder(local.one(), db.one());
  }

  @Test
  void whoCannotBeWatchedIsNotTakenIn() {
    Port unwatchable =
        new PortDecorator(LoopbackPort.pair("vif3.0", "nas", 1).one()) {
          @Override
          public int descriptor() {
            return Integer.MAX_VALUE;
          }
        };
    assertThatThrownBy(() -> thread.run(() -> bridge.add(4, unwatchable, true)))
        .hasMessageContaining("EBADF");
    assertThat(thread.call(() -> bridge.remove(4))).isEmpty();
  }
}
