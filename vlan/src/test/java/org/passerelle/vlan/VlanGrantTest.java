package org.passerelle.vlan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.passerelle.link.plan.RefusedException;

/** {@code vlan=} in xl's grammar. */
class VlanGrantTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "100 | untagged 100",
        "100p | untagged 100",
        "10p/100 | untagged 10, tagged 100",
        "300/100-102/1p | untagged 1, tagged 100 101 102 300",
        "10p/100+10x4 | untagged 10, tagged 100 110 120 130 140",
        "5-5/7p | untagged 7, tagged 5",
        "1p/4094 | untagged 1, tagged 4094",
      })
  void isReadAsXlWritesIt(String text, String words) {
    assertThat(VlanGrant.parse(text)).hasToString(words);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0 | 0 is too small or too great",
        "4095 | 4095: VLANs go from 1 to 4094, and the lower one comes first",
        "12345 | 12345 is too small or too great",
        "200-100/1p | 200-100: VLANs go from 1 to 4094, and the lower one comes first",
        "4000+50x2/1p | 4000+50x2: VLANs go from 1 to 4094, and the lower one comes first",
        "100+0x4/1p | 0 is too small or too great",
        "100/200 | one VLAN must be that of what has no tag; mark it with p, as in 10p/100",
        "100p/200p | one VLAN must be that of what has no tag; mark it with p, as in 10p/100",
        "1p/100-110/105 | VLAN 105 is there twice",
        "1p/100u | 100u: one VLAN alone can be without a tag, in both directions (p)",
        "1-5p | 1-5p: one VLAN alone can be without a tag, in both directions (p)",
        "10x | \"10x\" is none of 100, 10p, 100-110 and 100+10x4",
        "1p//2 | \"\" is none of 100, 10p, 100-110 and 100+10x4",
      })
  void whatIsWrongIsSaid(String text, String message) {
    assertThatExceptionOfType(RefusedException.class)
        .isThrownBy(() -> VlanGrant.parse(text))
        .withMessage("vlan=" + text + ": " + message);
  }
}
