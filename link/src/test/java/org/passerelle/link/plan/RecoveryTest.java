package org.passerelle.link.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.passerelle.link.fake.FakeKernel;
import org.passerelle.link.testing.KernelState;
import org.passerelle.link.testing.KilledKernel;
import org.passerelle.link.wire.MacAddress;

/** Recovery when it is not alone, and when it does not come through. */
class RecoveryTest {
  static final Journal.Key KEY = new Journal.Key("3f1b6a52-boot", 4711);
  private static final String KILLED = "test plan was killed half-way; undoing what it had done";
  private static final Plan PLAN =
      new Plan.Builder()
          .add(Rename.of("eth0", "peth0"), "give the name away")
          .add(SetLink.mac("peth0", MacAddress.VIF), "a port's MAC")
          .build();

  @TempDir Path directory;
  private final FakeKernel kernel = new FakeKernel();
  private final List<String> report = new ArrayList<>();
  private KernelState before;

  @BeforeEach
  void killed() {
    kernel.plug("eth0", MacAddress.parse("52:54:00:00:00:01"));
    before = KernelState.of(kernel);
    assertThatExceptionOfType(KilledKernel.Killed.class)
        .isThrownBy(
            () -> {
              try (Journal journal = new Journal(directory, KEY, "test plan")) {
                new Transaction(new KilledKernel(kernel, 1, true), journal, () -> false).run(PLAN);
              }
            });
  }

  private void recover(Consumer<String> listener) {
    report.clear();
    new Recovery(directory, KEY, kernel, listener.andThen(report::add), proof -> false).run();
  }

  private void recover() {
    recover(line -> {});
  }

  private Path journal() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> file.toString().contains("test_plan")).findFirst().orElseThrow();
    }
  }

  @Test
  void oneThatVanishesAfterTheListingIsDoneWith() throws IOException {
    Path other = Files.copy(journal(), directory.resolve("zz.journal"));
    recover(
        line -> {
          if (line.equals(KILLED)) {
            delete(other);
          }
        });
    assertThat(report).containsOnlyOnce(KILLED).noneMatch(line -> line.contains("zz.journal"));
    assertThat(KernelState.of(kernel)).isEqualTo(before);
    assertThat(directory).isEmptyDirectory();
  }

  /** A process of its own: locks of fcntl(2) are a process's. */
  public static final class Other {
    private Other() {}

    public static void main(String[] directory) {
      new Recovery(
              Path.of(directory[0]), KEY, new FakeKernel(), System.out::println, proof -> false)
          .run();
    }

    static String run(Path directory) {
      try {
        Process process =
            new ProcessBuilder(
                    ProcessHandle.current().info().command().orElseThrow(),
                    "-cp",
                    System.getProperty("java.class.path"),
                    Other.class.getName(),
                    directory.toString())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes());
        return output + "exit " + process.waitFor();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  @Test
  void anotherProcessKeepsOffUntilAllIsUndone() {
    List<String> others = new ArrayList<>();
    recover(line -> others.add(Other.run(directory)));
    assertThat(others).hasSizeGreaterThan(2).containsOnly("exit 0");
    assertThat(KernelState.of(kernel)).isEqualTo(before);
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void anotherRecoveryOfThisProcessDoesNotDropTheLock() {
    List<String> others = new ArrayList<>();
    recover(
        line -> {
          if (line.equals(KILLED)) {
            new Recovery(directory, KEY, new FakeKernel(), others::add, proof -> false).run();
            others.add(Other.run(directory));
          }
        });
    assertThat(others).containsExactly("exit 0");
    assertThat(KernelState.of(kernel)).isEqualTo(before);
  }

  @Test
  void theNextRunGoesOnWithWhatCouldNotBeUndone() throws IOException {
    Files.writeString(journal(), "step number=2 time=17", StandardOpenOption.APPEND);
    kernel.plug("eth0", MacAddress.VIF);
    recover();
    assertThat(report)
        .contains("the next run tries the rest again; if it must not, remove " + journal())
        .anyMatch(line -> line.startsWith("not undone: ip link set dev peth0 name eth0: "));
    assertThat(Files.readString(journal())).endsWith("\nundone number=1\n");
    // What has been undone is nobody's any more: this MAC is an administrator's choice.
    SetLink.mac("peth0", MacAddress.VIF).apply(kernel);
    Rename.of("eth0", "lan").apply(kernel);
    recover();
    assertThat(report).containsExactly(KILLED, "undone: ip link set dev peth0 name eth0");
    assertThat(kernel.link("eth0").orElseThrow().mac()).isEqualTo(MacAddress.VIF);
    assertThat(directory).isEmptyDirectory();
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void oneThatCannotBeReadIsReportedAndTheOthersAreUndone() throws IOException {
    Path unreadable = Files.createDirectory(directory.resolve("aa.journal"));
    recover();
    assertThat(report.getFirst())
        .startsWith("journal " + unreadable + " is left as it is, look at it by hand: ")
        .contains("Is a directory");
    assertThat(report).contains(KILLED);
    assertThat(KernelState.of(kernel)).isEqualTo(before);
    assertThat(unreadable).isDirectory();
  }
}
