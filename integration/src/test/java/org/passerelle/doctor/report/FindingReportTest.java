package org.passerelle.doctor.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.passerelle.doctor.Finding;
import org.passerelle.doctor.Finding.Level;
import org.passerelle.doctor.Finding.Section;
import org.passerelle.lab.report.Style;

class FindingReportTest {
  private static final List<Finding> FINDINGS =
      List.of(
          Finding.ok(Section.KERNEL, "kernel-has", "kernel", "has bridges"),
          Finding.unseen(Section.KERNEL, "kernel-untried", "tap", "was not tried", "be root"),
          new Finding(
              Section.FIREWALL,
              "dropped-forward",
              Level.BAD,
              "inet firewalld filter_FORWARD",
              "drops what guests send out, by the rule `reject with icmpx admin-prohibited`",
              "guests reach nothing outside",
              "it is firewalld's",
              List.of("firewall-cmd --permanent --zone=trusted --add-interface=vif+")),
          new Finding(
              Section.NIC, "networkd", Level.WARN, "eth0", "is networkd's", "a", "b", List.of()));

  private static List<String> table(Style style, int width) {
    return new FindingTable(style, width).lines(FINDINGS);
  }

  @Test
  void isATable() {
    assertThat(table(Style.PLAIN, 80))
        .containsExactly(
            "  kernel",
            "  ok      kernel  has bridges",
            "  unseen  tap     was not tried",
            "          do      be root",
            "",
            "  firewall",
            "  bad     inet firewalld filter_FORWARD",
            "          drops what guests send out, by the rule `reject with icmpx",
            "          admin-prohibited`",
            "          effect  guests reach nothing outside",
            "          do      it is firewalld's",
            "                  firewall-cmd --permanent --zone=trusted --add-interface=vif+",
            "",
            "  nic",
            "  warn    eth0    is networkd's",
            "          effect  a",
            "          do      b",
            "",
            "  1 problem, 1 warning, 1 unseen");
  }

  /** Commands stay whole, to be copied. */
  @ParameterizedTest
  @ValueSource(ints = {40, 60, 100})
  void fitsTheTerminal(int width) {
    assertThat(table(Style.PLAIN, width))
        .filteredOn(line -> !line.contains("firewall-cmd"))
        .allMatch(line -> line.length() <= width);
    assertThat(table(Style.PLAIN, width)).filteredOn(line -> line.contains("cmd")).hasSize(1);
  }

  @Test
  void coloursAreForLooksAlone() {
    assertThat(String.join("\n", table(Style.COLOUR, 80)))
        .contains("\u001b[1;31mbad\u001b[0m", "\u001b[33mwarn\u001b[0m")
        .isNotEqualTo(String.join("\n", table(Style.PLAIN, 80)));
    assertThat(
            table(Style.COLOUR, 80).stream()
                .map(line -> line.replaceAll("\u001b\\[[0-9;]*m", ""))
                .toList())
        .isEqualTo(table(Style.PLAIN, 80));
  }

  @Test
  void isOneJsonObject() throws Exception {
    List<String> names = new ArrayList<>();
    try (JsonParser json = new JsonFactory().createParser(FindingJson.of(FINDINGS))) {
      for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
        if (token.isScalarValue() && json.currentName() != null) {
          names.add(json.currentName() + "=" + json.getText());
        }
      }
    }
    assertThat(names)
        .startsWith("problems=1", "warnings=1", "unseen=1", "section=kernel", "name=kernel-has")
        .contains("level=unseen", "name=dropped-forward", "effect=guests reach nothing outside");
  }
}
