package org.passerelle.lab.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.passerelle.lab.check.Outcome;
import org.passerelle.lab.model.Lab;

class ReportTest {
  private static final RunResult RESULT =
      new RunResult(
          "office",
          Lab.Switching.USERSPACE,
          List.of(
              new Outcome(
                  "ping web -> gw",
                  true,
                  "2 replies",
                  "2 of 2 replies, 0.2 ms",
                  Duration.ofMillis(7),
                  List.of(),
                  List.of()),
              new Outcome(
                  "capture wire during ping web -> gw",
                  false,
                  "vlan 100",
                  "2 frames, both untagged",
                  Duration.ofMillis(1234),
                  List.of(Path.of("captures/office/01-wire.pcap")),
                  List.of("0.000 a > b"))),
          List.of(),
          Path.of("captures/office"),
          Duration.ofMillis(2500));

  private static final RunResult CRASHED =
      new RunResult(
          "office",
          Lab.Switching.KERNEL,
          List.of(),
          List.of(
              new Crash(
                  "web",
                  "its process has ended (killed by SIGSEGV)",
                  List.of("# SIGSEGV (0xb)", "# abort"))),
          Path.of("captures/office"),
          Duration.ofMillis(2500));

  private static List<String> table(Style style) {
    CheckTable table = new CheckTable(style);
    List<String> lines = new ArrayList<>(List.of(table.header()));
    RESULT.outcomes().forEach(outcome -> lines.addAll(table.rows(outcome)));
    lines.addAll(table.end(RESULT));
    return lines;
  }

  @Test
  void laysTheChecksOutAsATable() {
    assertThat(table(Style.PLAIN))
        .containsExactly(
            "        check                                 seen                          time",
            "  ok    ping web -> gw                        2 of 2 replies, 0.2 ms        7 ms",
            "  FAIL  capture wire during ping web -> gw    2 frames, both untagged      1.2 s",
            "        expected  vlan 100",
            "        frames    0.000 a > b",
            "        capture   captures/office/01-wire.pcap",
            "",
            "  captures   captures/office  (1 file)",
            "  office: 1 passed, 1 failed in 2.5 s");
  }

  @Test
  void coloursOnlyTheVerdicts() {
    List<String> lines = table(Style.COLOUR);
    assertThat(lines.get(1)).startsWith("  \u001b[32mok\u001b[0m    ping");
    assertThat(lines.get(2)).startsWith("  \u001b[1;31mFAIL\u001b[0m  capture");
  }

  @Test
  void writesOneJsonObject() {
    assertThat(JsonReport.of(RESULT).replaceAll("\\s+", " "))
        .isEqualTo(
            "{ \"lab\" : \"office\", \"switching\" : \"userspace\", \"checks\" : [ { \"name\" :"
                + " \"ping web -> gw\", \"passed\" : true, \"expected\" : \"2 replies\", \"seen\" :"
                + " \"2 of 2 replies, 0.2 ms\", \"seconds\" : 0.007, \"captures\" : [ ] }, {"
                + " \"name\" : \"capture wire during ping web -> gw\", \"passed\" : false,"
                + " \"expected\" : \"vlan 100\", \"seen\" : \"2 frames, both untagged\","
                + " \"seconds\" : 1.234, \"captures\" : [ \"captures/office/01-wire.pcap\" ] } ],"
                + " \"crashes\" : [ ], \"passed\" : 1, \"failed\" : 1, \"seconds\" : 2.5 }");
  }

  @Test
  void namesTheDomainsThatCrashed() {
    assertThat(CRASHED.failed()).isZero();
    assertThat(CRASHED.allWell()).isFalse();
    assertThat(new CheckTable(Style.PLAIN).end(CRASHED))
        .containsExactly(
            "  CRASH domain web                            its process has ended",
            "                                              (killed by SIGSEGV)",
            "        log       # SIGSEGV (0xb)",
            "                  # abort",
            "",
            "  office: 0 passed, 1 domain crashed in 2.5 s");
    assertThat(JsonReport.of(CRASHED).replaceAll("\\s+", " "))
        .contains(
            "\"crashes\" : [ { \"domain\" : \"web\", \"reason\" : \"its process has ended"
                + " (killed by SIGSEGV)\", \"log\" : [ \"# SIGSEGV (0xb)\", \"# abort\" ] } ]");
  }
}
