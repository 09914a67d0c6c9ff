package org.passerelle.scripts.agent;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.passerelle.bridge.BridgeKind;
import org.passerelle.hypervisor.xenstore.XenStore;
import org.passerelle.hypervisor.xenstore.client.XenStoreClient;
import org.passerelle.link.fake.FakeKernel;
import org.passerelle.link.os.NetlinkKernel;
import org.passerelle.link.rtnl.LinkSpec;
import org.passerelle.link.wire.MacAddress;
import org.passerelle.scripts.ScriptContext;
import org.passerelle.scripts.VifBridge;

/**
 * Before the agent serves, it runs vif-bridge for a vif that is nowhere but in memory, until the
 * virtual machine has compiled what the scripts need: the first hundreds of calls, which may come
 * all at once, would take twice as long otherwise. Journals and locks are in a directory of its
 * own, which goes with it.
 */
final class Rehearsal {
  /** Half a second on an idle host; more gain less than they take. */
  private static final int ROUNDS = 100;

  /** For a host that is busy with other things. */
  private static final long MOST_NANOS = 2_000_000_000L;

  private static final String VIF = "vif1.0";
  private static final String BRIDGE = "xenbr0";

  private final Path directory;
  private final FakeKernel kernel = new FakeKernel();
  private final XenStore store = new XenStoreClient(new RehearsedStore(BRIDGE));
  private final PrintStream nowhere =
      new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);

  private Rehearsal(Path directory) {
    this.directory = directory;
    kernel.create(LinkSpec.of(BRIDGE, BridgeKind.XEN));
    kernel.plug(VIF, MacAddress.ZERO);
  }

  /** Returns whether all went well; the directory is gone then. */
  static boolean in(Path directory) throws IOException {
    Files.createDirectories(directory);
    boolean well = new Rehearsal(directory).run();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
    return well;
  }

  private boolean run() {
    long begin = System.nanoTime();
    boolean well = true;
    for (int round = 0; round < ROUNDS && System.nanoTime() - begin < MOST_NANOS; round++) {
      well &= succeeds("online") && succeeds("offline");
      readLoopback();
    }
    return well;
  }

  private boolean succeeds(String command) {
    ScriptContext context =
        new ScriptContext(
            "rehearsal",
            List.of(command, "type_if=vif"),
            Map.of("XENBUS_PATH", "backend/vif/1/0", "vif", VIF),
            kernel,
            () -> store,
            nowhere,
            nowhere,
            directory);
    return new VifBridge().run(context) == 0;
  }

  /** What the kernel in memory does without: sockets and their messages. */
  private static void readLoopback() {
    try (NetlinkKernel kernel = NetlinkKernel.open()) {
      kernel.link("lo");
    }
  }
}
