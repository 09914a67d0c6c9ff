package org.passerelle.link.plan;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Which names are of guests' vifs, told by a regular expression. */
class VifDeviceNameTest {
  @Provide
  Arbitrary<String> names() {
    return Arbitraries.of("vif", "0", "1", "12", ".", "-emu", "x")
        .list()
        .ofMaxSize(6)
        .map(parts -> String.join("", parts));
  }

  @Property(tries = 5000)
  void isToldAsTheExpressionSays(@ForAll @From("names") String name) {
    assertThat(VifDevice.isOfGuest(name)).as(name).isEqualTo(name.matches("vif[1-9]\\d*\\.\\d+"));
  }
}
