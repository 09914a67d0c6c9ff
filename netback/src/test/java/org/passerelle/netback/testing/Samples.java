package org.passerelle.netback.testing;

import java.nio.ByteBuffer;
import java.util.Random;
import org.passerelle.link.port.Frame.Gso;
import org.passerelle.netback.testing.MemoryPort.Sample;

/** Frames for tests: plain ones of any length, and TCP over IPv4 or IPv6 with its metadata. */
public final class Samples {
  private static final int ETHERNET = 14;

  private Samples() {}

  /** A frame of random octets that is no IP. */
  public static Sample plain(int length, long seed) {
    byte[] octets = octets(length, seed);
    octets[12] = (byte) 0x88;
    octets[13] = (byte) 0xb5; // IEEE 802 local experimental
    return new Sample(octets, false, seed % 2 == 0, Gso.NONE, 0);
  }

  /** TCP with a blank checksum; cut into segments of {@code mss} when that is more than 0. */
  public static Sample tcp(boolean v6, int length, int mss, long seed) {
    byte[] octets = octets(length, seed);
    ByteBuffer frame = ByteBuffer.wrap(octets);
    if (v6) {
      frame.putShort(12, (short) 0x86dd);
      frame.putInt(14, 0x6000_0000);
      frame.putShort(18, (short) (length - ETHERNET - 40));
      frame.put(20, (byte) 6);
      frame.put(54 + 12, (byte) 0x50);
      frame.putShort(54 + 16, pseudoHeaderSum(octets, 22, 54));
    } else {
      frame.putShort(12, (short) 0x0800);
      frame.putShort(14, (short) 0x4500);
      frame.putShort(16, (short) (length - ETHERNET));
      frame.putShort(20, (short) 0);
      frame.put(23, (byte) 6);
      frame.put(34 + 12, (byte) 0x50);
      frame.putShort(34 + 16, pseudoHeaderSum(octets, 26, 34));
    }
    Gso gso = mss == 0 ? Gso.NONE : v6 ? Gso.TCP_V6 : Gso.TCP_V4;
    return new Sample(octets, true, true, gso, mss);
  }

  /** What a blank checksum field holds: addresses, protocol and length, added up (RFC 9293 3.1). */
  private static short pseudoHeaderSum(byte[] octets, int addresses, int transport) {
    int sum = 6 + octets.length - transport;
    for (int at = addresses; at < transport; at += 2) {
      sum += (octets[at] & 0xff) << 8 | octets[at + 1] & 0xff;
    }
    sum = (sum & 0xffff) + (sum >> 16);
    return (short) ((sum & 0xffff) + (sum >> 16));
  }

  private static byte[] octets(int length, long seed) {
    byte[] octets = new byte[length];
    new Random(seed).nextBytes(octets);
    return octets;
  }
}
