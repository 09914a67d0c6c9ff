package org.passerelle.scripts.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the agent says where it does not serve. */
class AgentWordsTest {
  private final PrintStream out = System.out;
  private final PrintStream err = System.err;
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();
  private final ByteArrayOutputStream complained = new ByteArrayOutputStream();

  @TempDir private Path directory;

  @BeforeEach
  void listen() {
    System.setOut(new PrintStream(said, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(complained, true, StandardCharsets.UTF_8));
  }

  @AfterEach
  void listenNoMore() {
    System.setOut(out);
    System.setErr(err);
  }

  private int run(Path runDirectory, String... arguments) {
    return Agent.run(
        List.of(arguments), Map.of("PASSERELLE_RUN_DIR", runDirectory.toString()), () -> true);
  }

  @Test
  void helpIsNoMistake() {
    assertThat(run(directory, "--help")).isZero();
    assertThat(said.toString(StandardCharsets.UTF_8)).startsWith("usage: passerelle agent\n");
    assertThat(complained.size()).isZero();
    assertThat(run(directory, "start")).isEqualTo(2);
    assertThat(complained.toString(StandardCharsets.UTF_8))
        .isEqualTo("usage: passerelle agent" + System.lineSeparator());
  }

  @Test
  void aRefusedFileIsToldOfAsAllElse() throws Exception {
    Path file = Files.createFile(directory.resolve("file"));
    assertThat(run(file)).isEqualTo(4);
    assertThat(complained.toString(StandardCharsets.UTF_8))
        .startsWith("passerelle agent: serve " + file + "/calls: ")
        .contains("(20, Not a directory)")
        .doesNotContain("java.");
  }
}
