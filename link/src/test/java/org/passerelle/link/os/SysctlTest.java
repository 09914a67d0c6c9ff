package org.passerelle.link.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.passerelle.link.rtnl.KernelException;
import org.passerelle.link.testing.Needs;
import org.passerelle.link.testing.TestNamespaces;

@Needs({Capability.NET_ADMIN, Capability.VETH})
class SysctlTest {
  private static final String FORWARD = "net/ipv4/ip_forward";

  @RegisterExtension final TestNamespaces namespaces = new TestNamespaces();

  @Test
  void settingIsTheNamespacesOwn() {
    Namespace one = namespaces.create();
    Namespace other = namespaces.create();
    Sysctl.in(one).write(FORWARD, "1");
    Sysctl.in(other).write(FORWARD, "0");
    assertThat(Sysctl.in(one).read(FORWARD)).isEqualTo("1");
    assertThat(Sysctl.in(other).read(FORWARD)).isEqualTo("0");
    assertThat(one.<String>call(() -> Sysctl.here().read(FORWARD))).isEqualTo("1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"vif1.0", "web..0"})
  void devicesNameMayHaveDots(String device) {
    Namespace namespace = namespaces.create();
    namespaces.wire(namespace, device, namespace, "eth0");
    Sysctl sysctl = Sysctl.in(namespace);
    String key = "net/ipv4/conf/" + device + "/proxy_arp";
    sysctl.write(key, "1");
    assertThat(sysctl.read(key)).isEqualTo("1");
    assertThat(sysctl.read("net/ipv4/conf/eth0/proxy_arp")).isEqualTo("0");
  }

  @Test
  void refusalsAreNamed() {
    Sysctl sysctl = Sysctl.in(namespaces.create());
    assertThatThrownBy(() -> sysctl.read("net/ipv4/nosuch"))
        .isInstanceOf(KernelException.class)
        .hasMessage("read sysctl net/ipv4/nosuch: ENOENT (2, No such file or directory)");
    assertThatThrownBy(() -> sysctl.write(FORWARD, "many"))
        .hasMessage("set sysctl net/ipv4/ip_forward = many: EINVAL (22, Invalid argument)");
    assertThatThrownBy(() -> sysctl.write("net/../kernel/hostname", "x"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> sysctl.read("kernel/hostname"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
