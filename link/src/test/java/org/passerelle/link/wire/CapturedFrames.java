package org.passerelle.link.wire;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HexFormat;

/**
 * Frames that two Linux kernels exchanged over a veth pair with transmit checksums done, as tcpdump
 * wrote them down: 00:16:3e:00:00:01 (10.0.0.1, fd00::1) and 00:16:3e:00:00:02 (10.0.0.2, fd00::2).
 */
public final class CapturedFrames {
  public static final String ARP_REQUEST =
      "ffffffffffff 00163e000001 0806" // to all, from 1, ARP
          + "0001 0800 06 04 0001" // Ethernet, IPv4, address lengths, request
          + "00163e000001 0a000001" // sender
          + "000000000000 0a000002"; // target: whose MAC is wanted

  public static final String ARP_REPLY =
      "00163e000001 00163e000002 0806"
          + "0001 0800 06 04 0002" // … reply
          + "00163e000002 0a000002"
          + "00163e000001 0a000001";

  public static final String ECHO_REQUEST_V4 =
      "00163e000002 00163e000001 0800"
          + "45 00 0024 ff38 4000 40 01 279e 0a000001 0a000002" // 36 octets, DF, TTL 64, ICMP
          + "08 00 674d 2fb1 0001" // request, id 12209, sequence 1
          + "6100000000000000";

  public static final String ECHO_REQUEST_V6 =
      "00163e000002 00163e000001 86dd"
          + "60093b60 0010 3a 40" // flow, 16 octets of payload, ICMPv6, hop limit 64
          + "fd000000000000000000000000000001 fd000000000000000000000000000002"
          + "80 00 f4fc 2fb2 0001" // request, id 12210, sequence 1
          + "6100000000000000";

  public static final String UDP =
      "00163e000002 00163e000001 0800"
          + "45 00 0022 26c7 4000 40 11 0002 0a000001 0a000002"
          + "e7c8 0035 000e bff5" // 59336 to 53, 14 octets, checksum
          + "68656c6c6f0a"; // hello

  /** Its checksum is 0x123c, at octet 50. */
  public static final String TCP_PUSH =
      "00163e000002 00163e000001 0800"
          + "45 00 003a 8f1b 4000 40 06 97a0 0a000001 0a000002"
          + "bd26 1451 2784c0c2 6ce7466e" // 48422 to 5201, sequence, acknowledgement
          + "80 18 003f 123c 0000" // 32 octets, PSH ACK, window, checksum, urgent
          + "0101080a7737d084fc6a5b1a" // timestamps
          + "68656c6c6f0a";

  /** Its checksum is 0x45d7, at octet 70. */
  public static final String TCP_SYN_V6 =
      "00163e000002 00163e000001 86dd"
          + "60095b9b 0028 06 40"
          + "fd000000000000000000000000000001 fd000000000000000000000000000002"
          + "9768 1451 e0ec1eda 00000000" // 38760 to 5201
          + "a0 02 fd20 45d7 0000" // 40 octets, SYN
          + "020405a00402080a7581ea12000000000103030a";

  /** A multicast listener report: ICMPv6 behind a hop-by-hop header. */
  public static final String REPORT_V6 =
      "333300000016 00163e000002 86dd"
          + "60000000 0024 00 01" // next header: hop-by-hop
          + "fe8000000000000002163efffe000002 ff020000000000000000000000000016"
          + "3a 00 05020000 0100" // next header: ICMPv6; 8 octets: router alert, padding
          + "8f 00 31ef 0000 0001 04000000 ff0200000000000000000001ff000002";

  private CapturedFrames() {}

  /** The octets of hexadecimal text; blanks do not count. */
  public static byte[] octets(String hex) {
    return HexFormat.of().parseHex(hex.replace(" ", ""));
  }

  /** The octets in native memory, nothing behind them. */
  public static MemorySegment memory(String hex) {
    return Arena.ofAuto().allocateFrom(ValueLayout.JAVA_BYTE, octets(hex));
  }

  /** Memory full of 0xa5, where nothing that should be written can be missing unseen. */
  public static MemorySegment dirty(int length) {
    return Arena.ofAuto().allocate(length).fill((byte) 0xA5);
  }

  /** The octets as hexadecimal text. */
  public static String hex(MemorySegment memory) {
    return HexFormat.of().formatHex(memory.toArray(ValueLayout.JAVA_BYTE));
  }

  /** The frame with a tag behind its addresses. */
  public static String tagged(String hex, int tci) {
    String plain = hex.replace(" ", "");
    return plain.substring(0, 24) + "8100%04x".formatted(tci) + plain.substring(24);
  }
}
