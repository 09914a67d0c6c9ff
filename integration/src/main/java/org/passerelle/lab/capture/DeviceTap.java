package org.passerelle.lab.capture;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import java.sql.Timestamp;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.passerelle.link.port.FrameObserver.Direction;
import org.pcap4j.core.NotOpenException;
import org.pcap4j.core.PcapHandle;
import org.pcap4j.core.PcapNativeException;
import org.pcap4j.core.PcapNetworkInterface.PromiscuousMode;
import org.pcap4j.core.PcapStat;

/**
 * Listens on a kernel device by libpcap, in promiscuous mode and without delay. It is opened on a
 * thread of the device's namespace and belongs there from then on.
 */
final class DeviceTap implements FrameSource {
  private static final int SNAPSHOT = 262_144;
  private static final int BUFFER = 8 << 20;
  private static final int POLL_MILLIS = 10;
  private static final int CLOSE_SECONDS = 5;
  private static final long DRAIN_NANOS = SECONDS.toNanos(CLOSE_SECONDS);

  private final PcapHandle handle;
  private final AtomicLong taken = new AtomicLong();
  private final CountDownLatch done = new CountDownLatch(1);

  private DeviceTap(PcapHandle handle) {
    this.handle = handle;
  }

  /**
   * Starts to listen, in the calling thread's namespace.
   *
   * @throws IllegalStateException with libpcap's words
   */
  static DeviceTap open(String device, FrameLog log) {
    try {
      PcapHandle handle =
          new PcapHandle.Builder(device)
              .snaplen(SNAPSHOT)
              .bufferSize(BUFFER)
              .promiscuousMode(PromiscuousMode.PROMISCUOUS)
              .immediateMode(true)
              .timeoutMillis(POLL_MILLIS)
              .build();
      DeviceTap tap = new DeviceTap(handle);
      Thread.ofPlatform().daemon().name("capture-" + device).start(() -> tap.read(log));
      return tap;
    } catch (PcapNativeException e) {
      throw new IllegalStateException("capture on " + device + ": " + e.getMessage(), e);
    }
  }

  private void read(FrameLog log) {
    try {
      handle.loop(-1, (byte[] octets) -> take(octets, log));
    } catch (InterruptedException e) {
      // breakLoop's way of saying that it was heard
      Thread.currentThread().interrupt();
    } catch (PcapNativeException | NotOpenException e) {
      throw failed(e);
    } finally {
      done.countDown();
    }
  }

  private void take(byte[] octets, FrameLog log) {
    log.add(new CapturedFrame(nanos(), Direction.IN, octets));
    taken.incrementAndGet();
  }

  private long nanos() {
    Timestamp stamp = handle.getTimestamp();
    return stamp.getTime() / 1000 * 1_000_000_000L + stamp.getNanos();
  }

  /** What came before this call is still taken, however slow the reader is. */
  @Override
  public void close() {
    boolean interrupted = false;
    try {
      drain();
    } catch (InterruptedException e) {
      interrupted = true;
    } catch (NotOpenException | PcapNativeException e) {
      throw failed(e);
    } finally {
      end();
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** {@code breakLoop} drops what libpcap's buffer holds. */
  private void drain() throws PcapNativeException, NotOpenException, InterruptedException {
    PcapStat stat = handle.getStats();
    long held = stat.getNumPacketsReceived() - stat.getNumPacketsDropped();
    long end = System.nanoTime() + DRAIN_NANOS;
    while (taken.get() < held && System.nanoTime() < end && !done.await(1, MILLISECONDS)) {
      // Most of the time the reader is as far already.
    }
  }

  private void end() {
    try {
      handle.breakLoop();
      if (!done.await(CLOSE_SECONDS, SECONDS)) {
        throw new IllegalStateException("capture on " + handle + " does not end");
      }
      handle.close();
    } catch (NotOpenException e) {
      throw failed(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private IllegalStateException failed(Exception cause) {
    return new IllegalStateException("capture on " + handle + ": " + cause.getMessage(), cause);
  }
}
