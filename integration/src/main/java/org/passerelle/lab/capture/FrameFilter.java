package org.passerelle.lab.capture;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.passerelle.link.wire.EtherType;
import org.passerelle.link.wire.Ethernet;
import org.pcap4j.core.BpfProgram;
import org.pcap4j.core.BpfProgram.BpfCompileMode;
import org.pcap4j.core.NotOpenException;
import org.pcap4j.core.PcapHandle;
import org.pcap4j.core.PcapNativeException;
import org.pcap4j.core.Pcaps;
import org.pcap4j.packet.namednumber.DataLinkType;

/**
 * A filter in libpcap's language, judged here and not in the kernel, on the frame with its VLAN tag
 * set aside: so {@code icmp} means the same on a wire, on a device and on a ring.
 */
public final class FrameFilter implements AutoCloseable {
  private static final int SNAPSHOT = 262_144;
  private static final Inet4Address NO_MASK = noMask();

  private final BpfProgram program;

  private FrameFilter(BpfProgram program) {
    this.program = program;
  }

  /**
   * Compiles a filter.
   *
   * @throws IllegalArgumentException libpcap's own words on what is wrong with it
   */
  public static FrameFilter compile(String expression) {
    try (PcapHandle dead = Pcaps.openDead(DataLinkType.EN10MB, SNAPSHOT)) {
      return new FrameFilter(dead.compileFilter(expression, BpfCompileMode.OPTIMIZE, NO_MASK));
    } catch (PcapNativeException | NotOpenException e) {
      throw new IllegalArgumentException("`" + expression + "`: " + e.getMessage(), e);
    }
  }

  private static Inet4Address noMask() {
    try {
      return (Inet4Address) InetAddress.getByAddress(new byte[] {-1, -1, -1, 0});
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  boolean accepts(byte[] octets) {
    byte[] plain = withoutTag(octets);
    return program.applyFilter(plain, plain.length, plain.length);
  }

  /** The frame without its outermost tag; the same octets when it has none. */
  static byte[] withoutTag(byte[] octets) {
    boolean tagged =
        octets.length >= Ethernet.TAGGED_HEADER
            && EtherType.isTag(
                (octets[Ethernet.ADDRESSES] & 0xFF) << 8 | octets[Ethernet.ADDRESSES + 1] & 0xFF);
    if (!tagged) {
      return octets;
    }
    byte[] plain = new byte[octets.length - Ethernet.TAG];
    System.arraycopy(octets, 0, plain, 0, Ethernet.ADDRESSES);
    System.arraycopy(
        octets,
        Ethernet.ADDRESSES + Ethernet.TAG,
        plain,
        Ethernet.ADDRESSES,
        plain.length - Ethernet.ADDRESSES);
    return plain;
  }

  @Override
  public void close() {
    program.free();
  }
}
