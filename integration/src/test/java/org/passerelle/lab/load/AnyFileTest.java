package org.passerelle.lab.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Whatever is in a file, the answer is a list of problems, never an exception. */
class AnyFileTest {
  private static final String GOOD = good();

  private static String good() {
    try {
      return Files.readString(Path.of("labs/bridge.yaml"));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Property(tries = 500)
  void takesAnyText(@ForAll String text) {
    assertThat(LoadedLab.parse(text, "f").problems()).isNotEmpty();
  }

  @Example
  void refusesWhatIsNestedWithoutEnd() {
    LoadedLab loaded = LoadedLab.parse("lab: " + "[".repeat(100_000), "f");
    assertThat(loaded.problems().toString()).contains("nested too deeply");
  }

  @Property(tries = 500)
  void takesAGoodFileWithOneCharacterChanged(
      @ForAll @IntRange(max = 5000) int at, @ForAll char with) {
    int index = at % GOOD.length();
    String changed = GOOD.substring(0, index) + with + GOOD.substring(index + 1);
    LoadedLab loaded = LoadedLab.parse(changed, "f");
    assertThat(loaded.topology().isPresent() || !loaded.isValid()).isTrue();
  }

  @Property(tries = 300)
  void takesAGoodFileWithALineMissing(@ForAll @IntRange(max = 200) int number) {
    var lines = new java.util.ArrayList<>(GOOD.lines().toList());
    lines.remove(number % lines.size());
    LoadedLab loaded = LoadedLab.parse(String.join("\n", lines), "f");
    assertThat(loaded.topology().isPresent() || !loaded.isValid()).isTrue();
  }
}
