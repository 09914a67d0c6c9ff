package org.passerelle.scripts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.passerelle.link.fake.FakeKernel;

/** {@code --help}, whatever else is said, and whoever asks. */
class UsageTest {
  private static final int WIDTH = 100;

  /** The launchers' own list of what an agent is told: it cannot ask the environment of its own. */
  private static final Path HANDED_OVER = Path.of("lib/calls.sh");

  @TempDir private Path directory;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int run(ScriptName name, String... words) {
    return new ScriptCall(
            name.toString(),
            "/a/" + name,
            List.of(words),
            Map.of("PASSERELLE_RUN_DIR", directory.resolve("run").toString()))
        .run(
            () -> {
              throw new AssertionError("XenStore is asked");
            },
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            () -> false);
  }

  private List<String> printed() {
    return out.toString(StandardCharsets.UTF_8).lines().toList();
  }

  @ParameterizedTest
  @EnumSource(ScriptName.class)
  void isPrintedAndNothingIsTouched(ScriptName name) {
    assertThat(run(name, "start", "--help", "bridge=xenbr0")).isZero();
    assertThat(printed().getFirst())
        .matches(
            "usage: "
                + name
                + (ScriptName.isOfVifs(name.toString())
                    ? " online\\|offline\\|add\\|remove"
                    : " start\\|stop\\|status")
                + " \\[KEY=VALUE\\.\\.\\.] \\[--dry-run]");
    assertThat(printed())
        .contains("Environment:", "Files:")
        .allMatch(line -> line.length() <= WIDTH)
        .anyMatch(line -> line.matches("  antispoof +yes.*"));
    assertThat(err.size()).isZero();
    assertThat(directory).isEmptyDirectory();
    List<String> once = printed();
    out.reset();
    assertThat(run(name, "-h")).isZero();
    assertThat(printed()).isEqualTo(once);
  }

  /** A key twice would be a word that another one hides. */
  @ParameterizedTest
  @EnumSource(ScriptName.class)
  void nothingIsSaidTwice(ScriptName name) {
    run(name, "--help");
    assertThat(printed()).filteredOn(line -> line.startsWith("  ")).doesNotHaveDuplicates();
    assertThat(words(printed())).isNotEmpty().doesNotHaveDuplicates();
  }

  /** The keys of the sections that are of words. */
  private static List<String> words(List<String> lines) {
    return lines.stream()
        .dropWhile(line -> !line.startsWith("Words"))
        .takeWhile(line -> line.isEmpty() || line.matches("Words.*|The same.*|  .*"))
        .filter(line -> line.startsWith("  "))
        .map(line -> line.strip().split(" ")[0])
        .toList();
  }

  @ParameterizedTest
  @EnumSource(
      value = ScriptName.class,
      names = {"VIF_.*"},
      mode = EnumSource.Mode.MATCH_ALL)
  void anAgentIsToldWhateverAScriptFindsInItsEnvironment(ScriptName name) throws IOException {
    run(name, "--help");
    assertThat(words(printed()))
        .isSubsetOf(Arrays.asList(Files.readString(HANDED_OVER).split("[\\s;]+")));
  }

  @ParameterizedTest
  @EnumSource(ScriptName.class)
  void whatIsNotThereMeansNothing(ScriptName name) {
    run(name, "--help");
    String command = ScriptName.isOfVifs(name.toString()) ? "online" : "status";
    List<String> known = words(printed()).stream().map(word -> word + "=").sorted().toList();
    out.reset();
    assertThat(run(name, command, "brdge=xenbr0", "type_if=none")).isBetween(0, 1);
    assertThat(err.toString(StandardCharsets.UTF_8))
        .startsWith(
            name
                + ": brdge=xenbr0 means nothing to "
                + name
                + ", which has "
                + String.join(", ", known)
                + "\n");
  }

  @ParameterizedTest
  @EnumSource(
      value = ScriptName.class,
      names = {"VIF_.*"},
      mode = EnumSource.Mode.MATCH_ALL)
  void whoGivesNoCommandIsToldWhatThereIs(ScriptName name) {
    assertThat(run(name, "vif=vif7.0")).isEqualTo(1);
    assertThat(err.toString(StandardCharsets.UTF_8))
        .isEqualTo(
            name
                + ": no command is given; usage: "
                + name
                + " online|offline|add|remove [KEY=VALUE...] [--dry-run]\n");
  }

  @Test
  void thereIsNothingElseToAskFor() {
    ScriptRun script = new ScriptRun(new NetworkBridge(), new FakeKernel(), directory);
    assertThat(script.run("--hlep")).isEqualTo(1);
    assertThat(script.err())
        .containsExactly("script: unknown option --hlep; there are --dry-run and --help");
  }
}
