package org.passerelle.scripts;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** The same as the regular expression of which its parts take the place. */
class BackendPathTest {
  private static final Pattern SHAPE =
      Pattern.compile("(?:/local/domain/\\d+/)?backend/vif/(\\d{1,5})/(\\d{1,5})");

  @Provide
  Arbitrary<String> paths() {
    return Arbitraries.of(
            "/",
            "/local/domain/",
            "backend/vif/",
            "backend",
            "vif",
            "0",
            "17",
            "65535",
            "123456",
            "x")
        .list()
        .ofMaxSize(6)
        .map(parts -> String.join("", parts));
  }

  @Property(tries = 5000)
  void isParsedAsTheExpressionSays(@ForAll @From("paths") String path) {
    Matcher expected = SHAPE.matcher(path);
    BackendPath parsed;
    try {
      parsed = BackendPath.parse(path);
    } catch (ScriptException e) {
      assertThat(expected.matches()).as(path).isFalse();
      return;
    }
    assertThat(expected.matches()).as(path).isTrue();
    assertThat(parsed.path()).isEqualTo(path);
    assertThat(parsed.vif())
        .isEqualTo(
            "vif"
                + Integer.parseInt(expected.group(1))
                + "."
                + Integer.parseInt(expected.group(2)));
  }
}
