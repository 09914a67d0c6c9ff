package org.passerelle.natroute.nft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What libnftables says, read. */
class JsonTest {

  @Test
  void readsAllKindsOfValues() {
    assertThat(Json.parse(" {\"a\": [1, -2.5, true, false, null, {}], \"b\":[]} "))
        .isEqualTo(
            Map.of("a", Arrays.asList(1L, -2.5, true, false, null, Map.of()), "b", List.of()));
    assertThat(Json.parse("\"\\u00e9\\n\\t\\\"\\\\\\/\"")).isEqualTo("\u00e9\n\t\"\\/");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "eth0", "e\"th\\0", "\u0001", "\u00e9"})
  void whatIsQuotedComesBack(String text) {
    assertThat(Json.parse(Json.quote(text))).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "{", "[1", "[1 2]", "{\"a\"}", "\"a", "tru", "1 2", "\"\\u00\"", "-", "\"\\"})
  void refusesWhatIsNone(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> Json.parse(text));
  }
}
