package org.passerelle.link.port;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.passerelle.link.os.Capability;
import org.passerelle.link.port.FrameObserver.Direction;
import org.passerelle.link.testing.Needs;
import org.passerelle.link.wire.CapturedFrames;

class PcapWriterTest {
  private static final long TIME = 1_700_000_000_123_456_789L;

  @TempDir Path directory;

  @Test
  void writesBlocksOctetForOctet() throws IOException {
    Path file = directory.resolve("golden.pcapng");
    try (PcapWriter writer = PcapWriter.create(file)) {
      FrameObserver web = writer.addInterface("web/eth0");
      web.passed(Frames.of("00163e000002 00163e000001 88b5 ff"), Direction.IN, 0x0102030405060708L);
    }
    assertThat(HexFormat.of().formatHex(Files.readAllBytes(file)))
        .isEqualTo(
            "0a0d0d0a"
                + "30000000" // section header, 48 octets
                + "4d3c2b1a"
                + "0100"
                + "0000" // byte order, version 1.0
                + "ffffffffffffffff" // length unknown
                + "0400"
                + "0a00"
                + "706173736572656c6c650000" // application: passerelle
                + "00000000"
                + "30000000"
                + "01000000"
                + "2c000000" // interface, 44 octets
                + "0100"
                + "0000"
                + "00000400" // Ethernet, snapshot length 262144
                + "0200"
                + "0800"
                + "7765622f65746830" // name: web/eth0
                + "0900"
                + "0100"
                + "09000000" // time in 10^-9 s
                + "00000000"
                + "2c000000"
                + "06000000"
                + "3c000000" // packet, 60 octets
                + "00000000"
                + "04030201"
                + "08070605" // interface 0, time, high word first
                + "0f000000"
                + "0f000000" // 15 captured of 15
                + "00163e00000200163e00000188b5ff"
                + "00" // padded
                + "0200"
                + "0400"
                + "01000000" // flags: inbound
                + "00000000"
                + "3c000000");
  }

  @Test
  @Needs(Capability.TSHARK)
  void tsharkReadsNamesDirectionsAndNanoseconds() throws Exception {
    Path file = capture(3);
    assertThat(
            run(
                "tshark",
                "-n",
                "-r",
                file.toString(),
                "-T",
                "fields",
                "-E",
                "separator=|",
                "-e",
                "frame.interface_name",
                "-e",
                "frame.packet_flags_direction",
                "-e",
                "frame.time_epoch",
                "-e",
                "_ws.col.Protocol",
                "-e",
                "tcp.checksum.status",
                "-o",
                "tcp.check_checksum:TRUE"))
        .containsExactly(
            "web/eth0|0x00000001|1700000000.123456789|ARP|",
            "vif1.0|0x00000002|1700000000.123456790|TCP|1",
            "web/eth0|0x00000001|1700000000.123456791|ARP|");
  }

  @Test
  @Needs(Capability.TSHARK)
  void capinfosCountsWhatIsMoreThanTheBuffer() throws Exception {
    assertThat(run("capinfos", "-c", "-t", "-M", "-T", "-r", capture(9000).toString()))
        .singleElement()
        .asString()
        .contains("pcapng")
        .endsWith("9000");
  }

  private Path capture(int frames) throws IOException {
    Path file = directory.resolve("capture.pcapng");
    Frame arp = Frames.of(CapturedFrames.ARP_REQUEST);
    Frame tcp = Frames.of(CapturedFrames.TCP_PUSH);
    try (PcapWriter writer = PcapWriter.create(file)) {
      FrameObserver web = writer.addInterface("web/eth0");
      FrameObserver vif = writer.addInterface("vif1.0");
      for (int i = 0; i < frames; i++) {
        boolean even = i % 2 == 0;
        (even ? web : vif).passed(even ? arp : tcp, even ? Direction.IN : Direction.OUT, TIME + i);
      }
    }
    return file;
  }

  private static List<String> run(String... command) throws Exception {
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as("%s", String.join(" ", command)).isZero();
    return output.lines().toList();
  }

  /** Wireshark writes its own name when it saves a file. */
  @Test
  void knowsItsOwnFiles() throws IOException {
    Path ours = capture(1);
    assertThat(PcapWriter.wrote(ours)).isTrue();
    byte[] octets = Files.readAllBytes(ours);
    octets[28] = 'D';
    Path theirs = Files.write(directory.resolve("theirs.pcapng"), octets);
    assertThat(PcapWriter.wrote(theirs)).isFalse();
    assertThat(PcapWriter.wrote(Files.createFile(directory.resolve("empty.pcapng")))).isFalse();
  }

  @Test
  void theLongestFrameFits() throws IOException {
    Path file = directory.resolve("long.pcapng");
    Frame frame = Frames.empty();
    frame.length(Frame.MAX_LENGTH);
    try (PcapWriter writer = PcapWriter.create(file)) {
      FrameObserver observer = writer.addInterface("x");
      for (int i = 0; i < 9; i++) {
        observer.passed(frame, Direction.OUT, TIME);
      }
    }
    assertThat(Files.size(file)).isEqualTo(48 + 40 + 9 * (28 + 65536 + 16));
  }

  @Test
  void aFullDiskIsReportedAtTheEndNotToTheTraffic() throws IOException {
    PcapWriter writer = PcapWriter.create(Path.of("/dev/full"));
    FrameObserver observer = writer.addInterface("x");
    Frame frame = Frames.of(CapturedFrames.UDP);
    for (int i = 0; i < 10_000; i++) {
      observer.passed(frame, Direction.IN, TIME);
    }
    assertThatThrownBy(writer::close)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("capture file incomplete: No space left on device");
  }
}
