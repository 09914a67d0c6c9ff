package org.passerelle.scripts;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.passerelle.link.fake.FakeKernel;
import org.passerelle.link.testing.KernelState;
import org.passerelle.link.wire.MacAddress;

/** A value that is not understood is no start without it. */
class MistypedValueTest {
  @TempDir private Path runDirectory;

  @ParameterizedTest
  @CsvSource({
    "NETWORK_BRIDGE, antispoof=yse",
    "NETWORK_BRIDGE, services=tcp",
    "NETWORK_BRIDGE, generation=kepe",
    "NETWORK_BRIDGE, pairs=two",
    "NETWORK_BRIDGE_VLAN, antispoof=yse",
    "NETWORK_BRIDGE_VLAN, switching=kernle",
    "NETWORK_MULTI_VLAN, antispoof=yse",
    "NETWORK_MULTI_VLAN, switching=kernle",
    "NETWORK_ROUTE, antispoof=yse",
    "NETWORK_ROUTE, services=tcp:ssh",
    "NETWORK_ROUTE, ipv6=on",
    "NETWORK_NAT, antispoof=yse",
    "NETWORK_NAT, services=udp;53",
    "NETWORK_NAT, ipv6=on",
    "NETWORK_NAT, dhcp=yse",
    "NETWORK_NAT, dhcp",
    "NETWORK_NAT, services=",
    "NETWORK_NAT, -n",
    "NETWORK_ROUTE, services=",
    "NETWORK_ROUTE, antispoof",
    "NETWORK_BRIDGE, antispoof",
    "NETWORK_BRIDGE, -n",
    "NETWORK_MULTI_VLAN, -n",
  })
  void isRefusedBeforeAnythingIsDone(ScriptName name, String word) {
    FakeKernel kernel = new FakeKernel();
    kernel.plug("eth0", MacAddress.parse("00:16:3e:00:00:01"));
    KernelState before = KernelState.of(kernel);
    ScriptRun script = new ScriptRun(ScriptCall.script(name), kernel, runDirectory);
    List<String> words = List.of("start", "netdev=eth0", word);
    for (boolean dry : List.of(true, false)) {
      String more = dry ? "--dry-run" : "x=";
      String vlans = name == ScriptName.NETWORK_MULTI_VLAN ? "vlans=7" : "x=";
      assertThat(script.run(words.get(0), words.get(1), words.get(2), vlans, more))
          .as("%s", script.err())
          .isEqualTo(1);
      assertThat(script.err().getLast()).contains(word.replaceFirst("=.*", "="));
    }
    assertThat(KernelState.of(kernel)).isEqualTo(before);
    assertThat(new HostAntispoof(runDirectory).isWanted()).isFalse();
    assertThat(new HostServices(runDirectory).of(name.toString())).isEmpty();
  }
}
