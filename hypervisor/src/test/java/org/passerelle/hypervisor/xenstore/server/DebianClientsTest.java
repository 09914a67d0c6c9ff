package org.passerelle.hypervisor.xenstore.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.passerelle.hypervisor.domain.DomainId;
import org.passerelle.hypervisor.testing.CXenstored;
import org.passerelle.hypervisor.testing.GuestRing;
import org.passerelle.hypervisor.testing.Judges;

/**
 * Xen's own clients, package xenstore-utils and a program on its libxenstore, against our server
 * and against the C xenstored: each command prints the same and ends with the same code, and at the
 * end the two stores hold the same nodes with the same permissions in the same order.
 */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class DebianClientsTest {
  @TempDir Path directory;
  private CXenstored theirs;
  private StoreServer server;

  @BeforeEach
  void start() throws Exception {
    Judges.needClients();
    for (int domain = 1; domain <= 7; domain++) {
      GuestRing.create(directory, domain, () -> {}).close(); // It exists: C asks who owns.
    }
    theirs = CXenstored.start(directory);
    server = new StoreServer();
    server.listen(ours());
    for (int domain = 1; domain <= 7; domain++) {
      server.introduce(new DomainId(domain));
    }
  }

  @AfterEach
  void stop() throws Exception {
    if (server != null) {
      both("xenstore-ls", "-fp", "/");
      server.close();
      theirs.close();
    }
  }

  private Path ours() {
    return directory.resolve("socket");
  }

  private static Process start(Path socket, String... command) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("XENSTORED_PATH", socket.toString());
    Process process = builder.start();
    process.getOutputStream().close();
    return process;
  }

  /** What it printed, then "exit" and its exit code where that is not 0. */
  private static String run(Path socket, String... command) throws Exception {
    Process process = start(socket, command);
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int code = process.waitFor();
    return output.strip() + (code == 0 ? "" : " exit " + code);
  }

  /** Runs it against both and gives what it said, which is the same. */
  private String both(String... command) throws Exception {
    String said = run(ours(), command);
    assertThat(said).as("%s", List.of(command)).isEqualTo(run(theirs.socket(), command));
    return said;
  }

  /** The same with words that are separated by blanks. */
  private String line(String words) throws Exception {
    return both(words.split(" "));
  }

  @Test
  void writeAndRead() throws Exception {
    assertThat(both("xenstore-write", "/a/b", "one", "/a/c", "two words", "/a/e", "")).isEmpty();
    assertThat(line("xenstore-read /a/b /a/c")).isEqualTo("one\ntwo words");
    assertThat(line("xenstore-read -p /a/b /a/e")).isEqualTo("/a/b: one\n/a/e:");
    assertThat(line("xenstore-read -s /a/b")).isEqualTo("one");
    assertThat(line("xenstore-read /a/b /a/none"))
        .startsWith("xenstore-read: couldn't read path /a/none")
        .endsWith("exit 1");
    assertThat(line("xenstore-write -s /a/b three")).isEmpty();
    assertThat(line("xenstore-write /a/b/c/d deep /bad.path x")).endsWith("exit 1");
    assertThat(line("xenstore-exists /a/b/c")).as("it was one transaction").isEqualTo(" exit 1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"read", "write", "list", "rm", "chmod", "watch", "exists"})
  void withoutWhatTheyNeed(String client) throws Exception {
    assertThat(line("xenstore-" + client)).contains("Usage:").endsWith("exit 1");
    assertThat(line("xenstore-" + client + " -h")).contains("Usage:").endsWith("exit 1");
    assertThat(line("xenstore-" + client + " /bad.path /x")).endsWith("exit 1");
  }

  @Test
  void valuesOfAllOctets() throws Exception {
    assertThat(both("xenstore-write", "/q", "a\\x00\\xff\\\\\\n\\t\\r")).isEmpty();
    assertThat(line("xenstore-read /q")).isEqualTo("a\\000\\xff\\\\\\n\\t\\r");
    line("xenstore-read -R /q");
    assertThat(both("xenstore-write", "-R", "/r", "a\\x00")).isEmpty();
    line("xenstore-ls /");
    both("xenstore-write", "/long", "x".repeat(3000));
    line("xenstore-read /long");
    assertThat(both("xenstore-write", "/long", "x".repeat(4091))).endsWith("exit 1");
  }

  /** As hotplug scripts do with XENBUS_PATH=backend/vif/1/0. */
  @Test
  void pathsRelativeToDom0() throws Exception {
    String path = "backend/vif/1/0/hotplug-status";
    assertThat(both("xenstore-write", path, "connected")).isEmpty();
    assertThat(both("xenstore-read", path)).isEqualTo("connected");
    assertThat(both("xenstore-read", "/local/domain/0/" + path)).isEqualTo("connected");
    assertThat(line("xenstore-list backend/vif")).isEqualTo("1");
    assertThat(line("xenstore-ls backend")).startsWith("vif = \"\"");
    assertThat(line("xenstore-chmod backend n0 r1")).isEmpty();
    assertThat(line("xenstore-exists backend/vif")).isEmpty();
    assertThat(line("xenstore-rm backend/vif")).isEmpty();
    assertThat(line("xenstore-rm -t backend")).isEmpty();
  }

  @Test
  void listAndLs() throws Exception {
    line("xenstore-write /a/z/c 1 /a/b 2 /a/m 3");
    assertThat(line("xenstore-list /a")).as("the eldest first").isEqualTo("z\nb\nm");
    assertThat(line("xenstore-list -p /a /a/z")).isEqualTo("/a/z\n/a/b\n/a/m\n/a/z/c");
    assertThat(line("xenstore-ls /a")).isEqualTo("z = \"\"\n c = \"1\"\nb = \"2\"\nm = \"3\"");
    assertThat(line("xenstore-ls -f /a")).startsWith("/a/z = \"\"\n/a/z/c = \"1\"");
    assertThat(line("xenstore-list /none")).endsWith("exit 1");
    line("xenstore-ls /none");
    line("xenstore-ls");
    line("xenstore-ls -fps /");
  }

  @Test
  void deepTreesAndLongLists() throws Exception {
    line("xenstore-write " + "/deep".repeat(60) + " x");
    for (int part = 0; part < 10; part++) {
      List<String> write = new ArrayList<>(List.of("xenstore-write"));
      for (int i = 0; i < 150; i++) {
        write.addAll(List.of("/many/child-" + part + "-" + i, "x"));
      }
      assertThat(both(write.toArray(String[]::new))).isEmpty();
    }
    assertThat(line("xenstore-ls -f /many").lines()).hasSize(1500);
    assertThat(line("xenstore-list /many").lines()).hasSize(1500);
    assertThat(line("xenstore-ls " + "/deep".repeat(30)).lines()).hasSize(30);
  }

  @Test
  void permissions() throws Exception {
    line("xenstore-write /a/b 1 /a/c/d 2");
    assertThat(line("xenstore-chmod /a n0 r5 b7 w1")).isEmpty();
    assertThat(line("xenstore-chmod /a/b r3 n2")).isEmpty();
    assertThat(line("xenstore-ls -p /a")).contains("(r3,n2)", "(n0)");
    assertThat(line("xenstore-write /a/new 1")).isEmpty();
    assertThat(line("xenstore-ls -fp /a")).contains("/a/new = \"1\"");
    assertThat(line("xenstore-chmod -r /a b1 w2")).isEmpty();
    assertThat(line("xenstore-chmod -u /a/c/d n4")).isEmpty();
    assertThat(line("xenstore-ls -fp /")).contains("(n4)");
    for (String wrong : List.of("x5", "5", "R1")) {
      line("xenstore-chmod /a " + wrong);
    }
    assertThat(line("xenstore-chmod /none n0")).endsWith("exit 1");
  }

  @Test
  void removeAndExists() throws Exception {
    line("xenstore-write /a/b 1 /a/c/d 2 /e/f/g 3 /h/i 4");
    assertThat(line("xenstore-exists /a/b /a/c")).isEmpty();
    assertThat(line("xenstore-exists /a/b /none /a")).isEqualTo(" exit 1");
    assertThat(line("xenstore-rm /a/b /a/c")).isEmpty();
    assertThat(line("xenstore-exists /a")).isEmpty();
    assertThat(line("xenstore-rm -t /e/f/g /h/i")).as("empty parents go too").isEmpty();
    assertThat(line("xenstore-exists /e")).isEqualTo(" exit 1");
    assertThat(line("xenstore-rm /a /none/such")).contains("could not remove path /none/such");
    assertThat(line("xenstore-exists /a")).as("it was one transaction").isEmpty();
    line("xenstore-rm /none");
    assertThat(line("xenstore-rm /")).endsWith("exit 1");
  }

  @Test
  void watch() throws Exception {
    List<Process> watchers = new ArrayList<>();
    for (Path socket : List.of(ours(), theirs.socket())) {
      watchers.add(start(socket, "xenstore-watch", "-n", "6", "/w", "rel"));
    }
    List<List<String>> told = List.of(new ArrayList<>(), new ArrayList<>());
    for (int i = 0; i < 2; i++) {
      told.get(i).add(watchers.get(i).inputReader().readLine());
      told.get(i).add(watchers.get(i).inputReader().readLine());
    }
    line("xenstore-write /w/x 1");
    line("xenstore-write rel/y 2 /wx 3");
    line("xenstore-chmod /w n0 r1");
    line("xenstore-rm /w");
    for (int i = 0; i < 2; i++) {
      watchers.get(i).inputReader().lines().forEach(told.get(i)::add);
      assertThat(watchers.get(i).waitFor()).isZero();
    }
    assertThat(told.get(0)).containsExactlyElementsOf(told.get(1)).hasSize(6);
  }

  private String library(String... words) throws Exception {
    Path program = directory.resolve("store-clients");
    if (!program.toFile().exists()) {
      Judges.compile("store-clients.c", program, "-l:libxenstore.so.4");
    }
    List<String> command = new ArrayList<>(List.of(program.toString()));
    command.addAll(List.of(words));
    return both(command.toArray(String[]::new));
  }

  @Test
  void twoClientsWhoseTransactionsMeet() throws Exception {
    assertThat(library("conflict"))
        .contains("the first to end: done", "the second to end: Resource temporarily unavailable")
        .endsWith("/n is two");
  }

  @Test
  void theLibrarysValuesAndPermissions() throws Exception {
    assertThat(library("values")).isEqualTo("256 octets, the same");
    assertThat(library("permissions")).isEqualTo("3 may 0\n1 may 1\n2 may 2\n4 may 3");
  }

  /** Each adds in transactions, and tries again for as long as it is told EAGAIN. */
  @Test
  void manyProcessesLoseNoIncrement() throws Exception {
    library("increment", "1");
    String program = directory.resolve("store-clients").toString();
    List<Process> all = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      all.add(start(ours(), program, "increment", "100"));
    }
    for (Process each : all) {
      assertThat(each.waitFor()).isZero();
    }
    assertThat(run(ours(), "xenstore-read", "/counter")).isEqualTo("801");
    run(theirs.socket(), program, "increment", "800");
  }
}
