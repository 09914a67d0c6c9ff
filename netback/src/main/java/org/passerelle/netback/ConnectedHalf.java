package org.passerelle.netback;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.function.LongSupplier;
import org.passerelle.hypervisor.event.EventChannels;
import org.passerelle.hypervisor.ring.BackRing;
import org.passerelle.hypervisor.ring.FrontRing;

/**
 * What both halves have in common: what they hold and give back, their channels, and their end. A
 * peer that breaks the protocol, or a device that fails, makes a half inert: it touches the rings
 * no more, says so once, and waits to be closed.
 */
abstract sealed class ConnectedHalf implements Half, AutoCloseable permits Netback, Netfront {
  private static final Logger LOG = System.getLogger(ConnectedHalf.class.getName());

  private final Deque<Runnable> undo = new ArrayDeque<>();
  private final EventChannels events;
  private final NetDevice device;
  private final VifCounters counters;
  private final Consumer<String> onDeath;
  private final EventStorm storm;
  private int txPort;
  private int rxPort;
  private boolean dead;

  ConnectedHalf(
      EventChannels events,
      NetDevice device,
      VifCounters counters,
      LongSupplier clock,
      Consumer<String> onDeath) {
    this.events = events;
    this.device = device;
    this.counters = counters;
    this.onDeath = onDeath;
    this.storm = new EventStorm(clock);
  }

  /** Has something given back by {@link #close}, before what was held earlier. */
  final void hold(Runnable release) {
    undo.push(release);
  }

  /** The channels of the two rings; the same one when they share it. */
  final void listen(int tx, int rx) {
    txPort = tx;
    rxPort = rx;
  }

  /** Moves what can be moved; produces, does not push. */
  abstract int move();

  /** Pushes what was produced. */
  abstract void publish();

  /** How the peer has broken the protocol; empty while it has not. */
  abstract String broken();

  /** As {@link #prepareSleep}, of a half that lives. */
  abstract boolean arm();

  /** As {@link #deadline}, of a half that lives. */
  abstract long due();

  @Override
  public final int doWork() {
    if (dead) {
      return 0;
    }
    if (storm.over()) {
      eachPort(events::unmask);
    }
    int work = moveSafely();
    if (storm.judge(work)) {
      counters.add(Counter.EVENT_STORMS, 1);
      eachPort(events::mask);
    }
    return work;
  }

  /** Turns the device's carrier on; a device that fails ends this half. */
  final void carrierOn() {
    try {
      device.carrier(true);
    } catch (RuntimeException e) {
      die(e);
    }
  }

  /** Turns the device's carrier off, as far as the device still lives. */
  final void carrierOff() {
    try {
      device.carrier(false);
    } catch (RuntimeException e) {
      LOG.log(Level.DEBUG, "carrier of {0} not turned off: {1}", device.port().name(), e);
    }
  }

  private int moveSafely() {
    try {
      int work = move();
      publish();
      if (!broken().isEmpty()) {
        die(broken());
      }
      return work;
    } catch (RuntimeException e) {
      die(e);
      return 0;
    }
  }

  private void die(RuntimeException failure) {
    die(device.port().name() + " failed: " + failure.getMessage());
  }

  private void die(String reason) {
    dead = true;
    onDeath.accept(reason);
  }

  final void publishRequests(FrontRing ring, int port) {
    if (ring.pushRequests()) {
      events.notify(port);
    }
  }

  final void publishResponses(BackRing ring, int port) {
    if (ring.pushResponses()) {
      events.notify(port);
    }
  }

  private void eachPort(IntConsumer action) {
    for (int port : eventPorts()) {
      action.accept(port);
    }
  }

  @Override
  public final boolean prepareSleep() {
    try {
      return !dead && arm();
    } catch (RuntimeException e) {
      die(e);
      return false;
    }
  }

  @Override
  public final long deadline() {
    return dead ? NEVER : Math.min(storm.quietUntil(), due());
  }

  @Override
  public final EventChannels events() {
    return events;
  }

  @Override
  public final int[] eventPorts() {
    return rxPort == txPort ? new int[] {txPort} : new int[] {txPort, rxPort};
  }

  @Override
  public final int portDescriptor() {
    return device.port().descriptor();
  }

  @Override
  public final void eventArrived(int port) {
    if (events.consume(port)) {
      storm.event();
    }
  }

  /** Gives back what is held, in the reverse order; the device stays. */
  @Override
  public final void close() {
    dead = true;
    while (!undo.isEmpty()) {
      undo.pop().run();
    }
  }
}
