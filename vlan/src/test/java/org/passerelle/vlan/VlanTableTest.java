package org.passerelle.vlan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.passerelle.link.plan.RefusedException;
import org.passerelle.link.wire.VlanId;

class VlanTableTest {
  @Test
  void aListHasVlansAndRanges() {
    assertThat(VlanTable.ofList("100,7,200-202"))
        .containsExactly(vlan(100), vlan(7), vlan(200), vlan(201), vlan(202));
    assertThat(VlanTable.ofList("1-4094")).hasSize(4094);
    assertThat(VlanTable.ofList("5-5")).containsExactly(vlan(5));
  }

  private static VlanBridge vlan(int number) {
    return new VlanBridge(new VlanId(number), "vlanbr" + number);
  }

  @Test
  void aLineOfAFileMayNameTheBridge() {
    List<String> lines = List.of("# the office", "", "100,200-201  # three", "  300 dmz");
    assertThat(VlanTable.ofLines("f", lines))
        .containsExactly(vlan(100), vlan(200), vlan(201), new VlanBridge(new VlanId(300), "dmz"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0 | there is no VLAN 0; they go from 1 to 4094",
        "4095 | there is no VLAN 4095; they go from 1 to 4094",
        "100-5000 | there is no VLAN 5000; they go from 1 to 4094",
        "99999999999 | there is no VLAN 99999999999; they go from 1 to 4094",
        "10x | \"10x\" is no VLAN and no range; as in 100,200-299",
        "1,,2 | \"\" is no VLAN and no range; as in 100,200-299",
        "-5 | \"-5\" is no VLAN and no range; as in 100,200-299",
        "1-2-3 | \"1-2-3\" is no VLAN and no range; as in 100,200-299",
        "200-100 | 200-100 ends before it begins",
        "100,90-110 | VLAN 100 is there twice",
      })
  void whatIsWrongIsSaid(String list, String message) {
    assertThatExceptionOfType(RefusedException.class)
        .isThrownBy(() -> VlanTable.ofList(list))
        .withMessage("vlans=" + list + ": " + message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "300 dmz x | f:2: 300 dmz x: neither VLANs, as 100,200-299, nor one VLAN and its bridge",
        "3,4 dmz | f:2: 3,4 dmz: neither VLANs, as 100,200-299, nor one VLAN and its bridge",
        "4 vlanbr1 | f:2: vlanbr1 would be the bridge of two VLANs, which joins them",
        "1 | f:2: VLAN 1 is there twice",
        "4097 dmz | f:2: there is no VLAN 4097; they go from 1 to 4094",
      })
  void theLineIsSaidToo(String line, String message) {
    assertThatExceptionOfType(RefusedException.class)
        .isThrownBy(() -> VlanTable.ofLines("f", List.of("1", line)))
        .withMessage(message);
  }

  @Test
  void aFileWithoutVlansIsAMistake() {
    assertThatExceptionOfType(RefusedException.class)
        .isThrownBy(() -> VlanTable.ofLines("f", List.of("# 1")))
        .withMessage("f: there is no VLAN in it");
  }

  @Test
  void oneVlanIsANumber() {
    assertThat(VlanTable.single("vlan", "2")).isEqualTo(vlan(2));
    assertThatExceptionOfType(RefusedException.class)
        .isThrownBy(() -> VlanTable.single("vlan", "2-3"))
        .withMessage("vlan=2-3: not a VLAN's number, 1 to 4094");
    assertThatExceptionOfType(RefusedException.class)
        .isThrownBy(() -> VlanTable.single("vlan", "4095"))
        .withMessage("vlan=4095: there is no VLAN 4095; they go from 1 to 4094");
  }
}
