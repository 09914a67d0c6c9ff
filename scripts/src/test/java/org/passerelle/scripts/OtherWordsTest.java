package org.passerelle.scripts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.passerelle.hypervisor.domain.DomainId;
import org.passerelle.hypervisor.xenstore.XenStore;
import org.passerelle.hypervisor.xenstore.server.StoreServer;
import org.passerelle.link.fake.FakeKernel;
import org.passerelle.link.rtnl.Address;
import org.passerelle.link.rtnl.LinkChange;
import org.passerelle.link.rtnl.LinkSpec;
import org.passerelle.link.rtnl.VethKind;
import org.passerelle.link.testing.KernelState;
import org.passerelle.link.wire.IpPrefix;
import org.passerelle.link.wire.MacAddress;

/** A vif that is attached again has what its words say now, and nothing that they said before. */
class OtherWordsTest {
  private static final String BACKEND = "backend/vif/7/0";

  private static final List<Map<String, String>> WORDS =
      List.of(
          Map.of("ip", "10.0.7.1"),
          Map.of("ip", "10.0.7.128", "forward", "tcp:8080:80"),
          Map.of("ip", "10.0.7.1 10.0.7.2", "forward", "tcp:8080:81,udp:53:53"),
          Map.of("ip", "2001:db8::7 2001:db8::8"),
          Map.of("ip", "10.0.9.9/32 2001:db8::8", "services", "tcp:22"),
          Map.of("ip", "10.0.7.1", "antispoof", "yes"));

  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource(
      value = ScriptName.class,
      names = {"VIF_NAT", "VIF_ROUTE"})
  void onlyTheLastOfThemCount(ScriptName name) throws IOException {
    for (Map<String, String> second : WORDS) {
      State alone = after(name, List.of(second));
      for (Map<String, String> first : WORDS) {
        State both = after(name, List.of(first, second));
        assertThat(alone.kernel().differencesFrom(both.kernel()))
            .as("%s: %s after %s", name, second, first)
            .isEmpty();
        assertThat(both.marks())
            .as("%s: %s after %s", name, second, first)
            .isEqualTo(alone.marks());
      }
    }
  }

  /** The host, and the marks that scripts have left there, by their names. */
  private record State(KernelState kernel, Map<String, String> marks) {}

  private State after(ScriptName name, List<Map<String, String>> calls) throws IOException {
    Path run = Files.createTempDirectory(directory, "run");
    FakeKernel kernel = host();
    try (StoreServer server = new StoreServer();
        XenStore store = server.connect(DomainId.DOM0)) {
      new ScriptRun(ScriptCall.script(network(name)), kernel, run).succeeds("start");
      for (Map<String, String> words : calls) {
        store.write(BACKEND + "/mac", "00:16:3e:00:00:07");
        words.forEach((key, value) -> store.write(BACKEND + "/" + key, value));
        new ScriptRun(ScriptCall.script(name), kernel, run)
            .with(store)
            .with("XENBUS_PATH", BACKEND)
            .with("vif", "vif7.0")
            .succeeds("online");
        store.remove(BACKEND);
      }
    }
    kernel.settle();
    return new State(KernelState.of(kernel), marks(run));
  }

  private static ScriptName network(ScriptName name) {
    return name == ScriptName.VIF_NAT ? ScriptName.NETWORK_NAT : ScriptName.NETWORK_ROUTE;
  }

  private static FakeKernel host() {
    FakeKernel kernel = new FakeKernel();
    kernel.plug("eth0", MacAddress.parse("02:00:00:00:00:01"));
    kernel.change("eth0", LinkChange.builder().up(true).build());
    kernel.add(Address.of("eth0", IpPrefix.parse("192.0.2.10/24")));
    kernel.create(LinkSpec.of("vif7.0", new VethKind("guest7")).withMac(MacAddress.VIF));
    return kernel;
  }

  private static Map<String, String> marks(Path run) throws IOException {
    Map<String, String> marks = new TreeMap<>();
    try (Stream<Path> files = Files.walk(run)) {
      for (Path file : files.filter(OtherWordsTest::isMark).toList()) {
        marks.put(
            run.relativize(file).toString(), Files.readString(file).replaceAll("time=\\d+", ""));
      }
    }
    return marks;
  }

  private static boolean isMark(Path file) {
    return Files.isRegularFile(file) && !file.toString().endsWith(RunFile.LOCK);
  }
}
