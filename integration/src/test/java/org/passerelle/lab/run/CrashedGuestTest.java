package org.passerelle.lab.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.passerelle.hypervisor.embedded.EmbeddedHypervisor;
import org.passerelle.hypervisor.xenstore.XenStore;
import org.passerelle.hypervisor.xenstore.client.SocketTransport;
import org.passerelle.hypervisor.xenstore.client.XenStoreClient;
import org.passerelle.lab.check.Outcome;
import org.passerelle.lab.load.LoadedLab;
import org.passerelle.lab.report.RunResult;
import org.passerelle.link.os.Capability;
import org.passerelle.link.os.Namespace;
import org.passerelle.link.os.NetlinkKernel;
import org.passerelle.link.rtnl.Link;
import org.passerelle.link.testing.Needs;
import org.passerelle.outside.LabText;

/** A guest's process is killed in the middle of a lab: its domain goes, the others go on. */
@Needs({Capability.NET_ADMIN, Capability.TAP, Capability.BRIDGE})
@Timeout(180)
class CrashedGuestTest {
  /** web alone, which is domain 1. */
  private static final String ALONE = LabText.ONE_DOMAIN.formatted("crash");

  /** db as well, domain 2. */
  private static final String WITH_DB = LabText.TWO_DOMAINS.formatted("crash");

  private static final String FIRST = "checks:\n  - ping: gw -> web\n";
  private static final String MORE =
      """
        - ping: {from: gw, to: db, count: 1}
        - do: detach db/vif0
        - ping: gw -> web
      """;

  @TempDir private Path directory;
  private final List<String> notes = new ArrayList<>();
  private long crashed;

  private final Progress progress =
      new Progress() {
        @Override
        public void step(String what) {}

        @Override
        public void note(String line) {
          synchronized (notes) {
            notes.add(line);
            crashed = line.contains("has crashed") ? System.nanoTime() : crashed;
          }
        }
      };

  /** Has something done while the lab stands still after its first check. */
  private RunResult run(String yaml, Runnable meanwhile) throws Exception {
    List<Outcome> told = new ArrayList<>();
    Consumer<Outcome> onOutcome =
        outcome -> {
          told.add(outcome);
          if (told.size() == 1) {
            meanwhile.run();
          }
        };
    return new LabRunner(
            LoadedLab.parse(yaml, "crash.yaml").topology().orElseThrow(),
            directory.resolve("run"),
            directory.resolve("captures"),
            GuestMode.process,
            progress,
            onOutcome)
        .run();
  }

  @Test
  void aCrashedDomainIsDestroyedAndTheOthersGoOn() throws Exception {
    List<Held> without = new ArrayList<>();
    run(ALONE + FIRST, () -> without.add(heldAlone()));
    RunResult result = run(WITH_DB + FIRST + MORE, () -> killDb(without.getFirst()));

    assertThat(result.outcomes())
        .extracting(Outcome::passed)
        .containsExactly(true, false, false, true);
    String reason = "its process has ended (killed by SIGKILL)";
    assertThat(result.outcomes().get(2).seen()).isEqualTo("domain db has crashed: " + reason);
    assertThat(result.crashes())
        .singleElement()
        .satisfies(crash -> assertThat(crash.domain()).isEqualTo("db"))
        .satisfies(crash -> assertThat(crash.reason()).isEqualTo(reason));
    assertThat(result.allWell()).isFalse();
    assertThat(notes).contains("domain db has crashed: " + reason);
    assertThat(directory.resolve("run")).isEmptyDirectory();
  }

  /** It has no class path. Its vif is not waited for any longer. */
  @Test
  void aGuestThatCannotStartEndsTheSetUp() throws Exception {
    String classPath = System.getProperty("java.class.path");
    System.setProperty("java.class.path", "/nowhere");
    try {
      assertThatThrownBy(() -> run(ALONE + FIRST, () -> {}))
          .isInstanceOf(LabException.class)
          .hasMessage("domain web has crashed: its process has ended (exit status 1)");
    } finally {
      System.setProperty("java.class.path", classPath);
    }
    assertThat(notes).anyMatch(line -> line.startsWith("web: Error: Could not find or load main"));
    assertThat(Duration.ofNanos(System.nanoTime() - crashed)).isLessThan(Duration.ofSeconds(6));
    assertThat(directory.resolve("run")).isEmptyDirectory();
  }

  private Held heldAlone() {
    try {
      return Leftovers.settled(() -> Held.now(directory));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** What is held then is what a lab holds that never had the domain. */
  private void killDb(Held without) {
    GuestHandle.of(ProcessHandle.current(), "db").destroyForcibly();
    try {
      Leftovers.awaitEqual("what is held", without, () -> Held.now(directory).withoutPlace());
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** What a lab and its process have. */
  private record Held(
      Map<String, Long> descriptors,
      long mappings,
      Map<String, Long> threads,
      List<String> store,
      List<String> doors,
      List<String> links) {

    static Held now(Path directory) {
      Path run = directory.resolve("run/crash");
      Leftovers process = Leftovers.now();
      return new Held(
          process.descriptors(),
          process.mappings(),
          process.threads(),
          nodes(run),
          files(run.resolve("door")),
          vifs());
    }

    /** A crashed domain's namespace stays for the checks: without it and its configuration. */
    Held withoutPlace() {
      Map<String, Long> fewer = new TreeMap<>(descriptors);
      fewer.merge("net:[N]", -2L, Long::sum);
      fewer.merge("socket:[N]", -1L, Long::sum);
      return new Held(fewer, mappings, threads, store, doors, links);
    }

    private static List<String> nodes(Path run) {
      try (XenStore store =
          new XenStoreClient(SocketTransport.connect(EmbeddedHypervisor.storeSocket(run)))) {
        return Stream.of("/local/domain", "/local/domain/0", "/local/domain/0/backend/vif")
            .map(path -> path + ": " + new TreeSet<>(store.list(path)))
            .toList();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private static List<String> files(Path of) {
      try (Stream<Path> all = Files.list(of)) {
        return all.map(Path::getFileName).map(Path::toString).sorted().toList();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** In every namespace that this process holds. */
    private static List<String> vifs() {
      try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
        return all.filter(Held::isNamespace).flatMap(Held::links).sorted().toList();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private static boolean isNamespace(Path descriptor) {
      try {
        return Files.readSymbolicLink(descriptor).toString().startsWith("net:[");
      } catch (IOException e) {
        return false; // closed meanwhile
      }
    }

    private static Stream<String> links(Path namespace) {
      try (Namespace entered = Namespace.at(namespace.toString());
          NetlinkKernel kernel = entered.kernel()) {
        return kernel.links().stream().map(Link::name).filter(name -> name.startsWith("vif"));
      }
    }
  }
}
