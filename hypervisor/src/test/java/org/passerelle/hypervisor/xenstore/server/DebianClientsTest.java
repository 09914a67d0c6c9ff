package org.passerelle.hypervisor.xenstore.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.passerelle.hypervisor.domain.DomainId;
import org.passerelle.hypervisor.xenstore.XenStore;

/** Xen's own command-line clients against our server: package xenstore-utils. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class DebianClientsTest {
  @TempDir Path directory;
  private StoreServer server;
  private XenStore store;

  @BeforeEach
  void start() throws IOException {
    assumeTrue(
        Files.isExecutable(Path.of("/usr/bin/xenstore-read")),
        "no /usr/bin/xenstore-read: install the package xenstore-utils");
    server = new StoreServer();
    server.listen(directory.resolve("socket"));
    store = server.connect(DomainId.DOM0);
  }

  @AfterEach
  void stop() {
    if (server != null) {
      server.close();
    }
  }

  private Process start(String... command) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("XENSTORED_PATH", directory.resolve("socket").toString());
    return builder.start();
  }

  /** What it printed, then "exit" and its exit code where that is not 0. */
  private String run(String... command) throws IOException, InterruptedException {
    Process process = start(command);
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int code = process.waitFor();
    return output.strip() + (code == 0 ? "" : " exit " + code);
  }

  @Test
  void writeAndRead() throws Exception {
    assertThat(run("xenstore-write", "/a/b", "one", "/a/c", "two words")).isEmpty();
    assertThat(store.read("/a/c")).isEqualTo("two words");
    store.write("/a/b", "three");
    assertThat(run("xenstore-read", "/a/b", "/a/c")).isEqualTo("three\ntwo words");
    assertThat(run("xenstore-read", "-p", "/a/b")).isEqualTo("/a/b: three");
    assertThat(run("xenstore-read", "/a/none"))
        .isEqualTo("xenstore-read: couldn't read path /a/none exit 1");
  }

  /** As hotplug scripts do with XENBUS_PATH=backend/vif/1/0. */
  @Test
  void pathsRelativeToDom0() throws Exception {
    String path = "backend/vif/1/0/hotplug-status";
    assertThat(run("xenstore-write", path, "connected")).isEmpty();
    assertThat(store.read("/local/domain/0/" + path)).isEqualTo("connected");
    assertThat(run("xenstore-read", path)).isEqualTo("connected");
  }

  @Test
  void listAndLs() throws Exception {
    store.write("/a/b/c", "1");
    store.write("/a/d", "2");
    assertThat(run("xenstore-list", "/a")).isEqualTo("b\nd");
    assertThat(run("xenstore-list", "-p", "/a")).isEqualTo("/a/b\n/a/d");
    assertThat(run("xenstore-ls", "/a")).isEqualTo("b = \"\"\n c = \"1\"\nd = \"2\"");
    assertThat(run("xenstore-ls", "-f", "/a"))
        .isEqualTo("/a/b = \"\"\n/a/b/c = \"1\"\n/a/d = \"2\"");
    assertThat(run("xenstore-list", "/none")).contains("could not list path /none", "exit 1");
  }

  @Test
  void lsOfAListTooLongForOneAnswer() throws Exception {
    for (int i = 0; i < 1000; i++) {
      store.write("/many/child-" + i, "x");
    }
    assertThat(run("xenstore-ls", "-f", "/many").lines()).hasSize(1000);
    assertThat(store.list("/many")).hasSize(1000).contains("child-0", "child-999");
  }

  @Test
  void permissions() throws Exception {
    store.write("/a/b", "1");
    assertThat(run("xenstore-chmod", "/a", "n0", "r5", "b7")).isEmpty();
    assertThat(store.permissions("/a").entries()).containsExactly("n0", "r5", "b7");
    assertThat(run("xenstore-chmod", "-r", "/a", "n0", "r3")).isEmpty();
    assertThat(store.permissions("/a/b").entries()).containsExactly("n0", "r3");
    assertThat(run("xenstore-ls", "-p", "/a")).startsWith("b = \"1\"").endsWith("(n0,r3)");
  }

  @Test
  void removeAndExists() throws Exception {
    store.write("/a/b", "1");
    assertThat(run("xenstore-exists", "/a/b")).isEmpty();
    assertThat(run("xenstore-rm", "/a/b")).isEmpty();
    assertThat(run("xenstore-exists", "/a/b")).isEqualTo(" exit 1");
    assertThat(store.readIfPresent("/a")).isPresent();
    assertThat(run("xenstore-rm", "-t", "/a")).as("tidy: empty parents go too").isEmpty();
    assertThat(store.readIfPresent("/a")).isEmpty();
    assertThat(run("xenstore-rm", "/none/such")).contains("could not remove path /none/such");
  }

  @Test
  void watch() throws Exception {
    Process watcher = start("xenstore-watch", "-n", "3", "/w", "rel");
    try (var lines = watcher.inputReader()) {
      assertThat(new String[] {lines.readLine(), lines.readLine()})
          .containsExactlyInAnyOrder("/w", "rel");
      store.write("/w/x", "1");
      assertThat(lines.readLine()).isEqualTo("/w/x");
    }
    assertThat(watcher.waitFor()).isZero();
  }

  /** xenstore-write works in a transaction and tries again for as long as it gets EAGAIN. */
  @Test
  void transactionsAgainstOurOwn() throws Exception {
    String[] write = {"xenstore-write", "/t/a", "x", "/t/b", "y", "/t/c", "z"};
    Process[] all = new Process[12];
    for (int i = 0; i < all.length; i++) {
      all[i] = start(write);
      store.transaction(
          inside -> {
            int count = inside.readIfPresent("/t/count").map(Integer::parseInt).orElse(0);
            inside.write("/t/count", Integer.toString(count + 1));
            return null;
          });
    }
    for (Process each : all) {
      assertThat(each.waitFor()).as(Arrays.toString(write)).isZero();
    }
    assertThat(store.read("/t/count")).isEqualTo("12");
    assertThat(store.list("/t")).containsExactly("a", "b", "c", "count");
  }
}
