package org.passerelle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.passerelle.link.os.Capability;
import org.passerelle.link.testing.Needs;
import picocli.CommandLine;

/** Exit codes, and what goes where, of everything that touches nothing. */
class CommandLineTest {
  @TempDir private Path directory;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int execute(String... arguments) {
    return Main.commandLine()
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(arguments);
  }

  @Test
  @Needs(Capability.LIBPCAP)
  void validatesAGoodFile() {
    assertThat(execute("lab", "validate", "labs/bridge.yaml")).isZero();
    assertThat(out.toString()).startsWith("bridge: valid; domains 3, outside hosts 3, wires 2");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void namesTheProblemsOfABadFile() throws Exception {
    Path file = Files.writeString(directory.resolve("bad.yaml"), "lab: a b\nswitching: magic\n");
    assertThat(execute("lab", "validate", file.toString())).isEqualTo(2);
    assertThat(err.toString())
        .contains(file + ":1:6: error: `a b`: not a name")
        .contains(file + ":2:12: error: magic: no such switching; kernel, userspace or auto");
    assertThat(out.toString()).isEmpty();
    assertThat(execute("lab", "run", file.toString())).isEqualTo(2);
    assertThat(execute("lab", "graph", file.toString())).isEqualTo(2);
  }

  @Test
  @Needs(Capability.LIBPCAP)
  void namesAFilterThatIsNone() throws Exception {
    String lab = Files.readString(Path.of("labs/bridge.yaml"));
    Path file = directory.resolve("bad.yaml");
    Files.writeString(file, lab.replaceFirst("filter: icmp\\b", "filter: icpm"));
    assertThat(execute("lab", "validate", file.toString())).isEqualTo(2);
    assertThat(err.toString()).contains(": error: not a capture filter: `icpm`: ");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void draws() {
    assertThat(execute("lab", "graph", "labs/bridge.yaml")).isZero();
    assertThat(out.toString())
        .contains("+-- vif1.0 ====", "=== web/eth0  00:16:3e:00:01:01", "switching: auto");
  }

  @Test
  void whatCannotBeWrittenIsNotDone() throws IOException {
    Writer closed = Writer.nullWriter();
    closed.close();
    CommandLine line = Main.commandLine().setErr(new PrintWriter(err));
    assertThat(line.setOut(new PrintWriter(closed)).execute("lab", "graph", "labs/bridge.yaml"))
        .isEqualTo(1);
    assertThat(err.toString()).contains("standard output did not take all");
  }

  @Test
  void refusesWhatItDoesNotKnow() {
    assertThat(execute("lab", "fly")).isEqualTo(2);
    assertThat(execute("lab", "run")).isEqualTo(2);
    assertThat(execute("lab", "graph", "labs/bridge.yaml", "--format", "svg")).isEqualTo(2);
    assertThat(execute("doctor", "--report", "xml")).isEqualTo(2);
    assertThat(execute("doctor", "eth0")).isEqualTo(2);
    assertThat(execute("trnk", "eth0")).isEqualTo(2);
    assertThat(execute()).isEqualTo(2);
  }

  /** Whoever reads it by a program has something to read, whatever is wrong. */
  @Test
  void aReportInJsonSaysWhatIsWrongWithTheFile() throws IOException {
    Path file = Files.writeString(directory.resolve("bad.yaml"), "lab: x\nhots: {}\n");
    assertThat(execute("lab", "run", file.toString(), "--report", "json")).isEqualTo(2);
    assertThat(out.toString().lines().map(String::strip))
        .startsWith("{")
        .anyMatch(line -> line.startsWith("\"problems\" : [ \"" + file + ":2:1: error: hots"))
        .endsWith("}");
    assertThat(err.toString()).contains(file + ":2:1: error: hots");
  }

  @Test
  void refusesASwitchingThatThereIsNot() {
    assertThat(execute("lab", "run", "labs/bridge.yaml", "--switching", "magic")).isEqualTo(2);
    assertThat(err.toString())
        .contains("'--switching': magic: no such switching; kernel, userspace or auto");
  }

  @Test
  void helps() {
    assertThat(execute("lab", "--help")).isZero();
    assertThat(out.toString()).contains("run ", "validate", "graph", "gc", "130");
    assertThat(execute("--help")).isZero();
    assertThat(out.toString())
        .contains("  lab ", "  guest ", "  doctor ", "  agent ", "  trunk NIC ");
  }
}
