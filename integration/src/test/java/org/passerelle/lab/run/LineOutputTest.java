package org.passerelle.lab.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LineOutputTest {

  @Test
  void handsOverWholeLinesAndTheRestAtTheEnd() {
    List<String> lines = new ArrayList<>();
    try (PrintStream out =
        new PrintStream(new LineOutput(lines::add), false, StandardCharsets.UTF_8)) {
      out.print("fir");
      out.print("st\nsécond\n\nla");
      out.flush();
      assertThat(lines).containsExactly("first", "sécond", "");
      out.print("st");
    }
    assertThat(lines).containsExactly("first", "sécond", "", "last");
  }

  @Test
  void cutsALineThatDoesNotEnd() {
    List<String> lines = new ArrayList<>();
    try (PrintStream out =
        new PrintStream(new LineOutput(lines::add), false, StandardCharsets.UTF_8)) {
      out.print("x".repeat(LineOutput.MOST));
      out.flush();
      assertThat(lines).as("it may end here").isEmpty();
      out.print("\n");
      out.print("y".repeat(LineOutput.MOST + 1));
      out.flush();
      assertThat(lines).as("it is not waited for").hasSize(2);
      out.print("y".repeat(100_000) + "\nnext\n");
    }
    assertThat(lines)
        .containsExactly(
            "x".repeat(LineOutput.MOST),
            "y".repeat(LineOutput.MOST) + " [the rest of the line is cut]",
            "next");
  }
}
