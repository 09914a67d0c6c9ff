package org.passerelle.scripts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Arguments as the originals take them, and never evaluated. */
class ScriptArgumentsTest {
  private static ScriptArguments parse(String... arguments) {
    return ScriptArguments.parse(List.of(arguments));
  }

  @Test
  void theCommandIsTheFirstWordWithoutEqualsSign() {
    ScriptArguments arguments = parse("netdev=eth1", "start", "vifnum=1", "more");
    assertThat(arguments.command()).isEqualTo("start");
    assertThat(arguments.more()).containsExactly("more");
    assertThat(arguments.value("netdev")).contains("eth1");
    assertThat(arguments.value("vifnum")).contains("1");
    assertThat(parse("netdev=eth1").command()).isEmpty();
  }

  @Test
  void theLastOfAKeyWinsAndAnEmptyOneIsNone() {
    assertThat(parse("bridge=a", "bridge=b").value("bridge")).contains("b");
    assertThat(parse("bridge=a", "bridge=").value("bridge")).isEmpty();
  }

  @Test
  void aValueIsTextWhateverItLooksLike() {
    assertThat(parse("k=$(touch /tmp/x)").value("k")).contains("$(touch /tmp/x)");
    assertThat(parse("k=a b=c; d").value("k")).contains("a b=c; d");
  }

  @Property
  void anyValueComesThrough(@ForAll String value) {
    assertThat(parse("key=" + value).values()).containsEntry("key", value);
  }

  @Test
  void optionsAreOurs() {
    assertThat(parse("start", "--dry-run").dryRun()).isTrue();
    refused("unknown option --force; there are --dry-run and --help", () -> parse("--force"));
    refused("unknown option -n; there are --dry-run and --help", () -> parse("start", "-n"));
  }

  @Test
  void readsNumbersAndAnswers() {
    assertThat(parse("n=7").number("n", 1, 9)).isEqualTo(7);
    assertThat(parse().number("n", 1, 9)).isEqualTo(1);
    refused("n=10: not a number from 0 to 9", () -> parse("n=10").number("n", 1, 9));
    refused("n=-1: not a number from 0 to 9", () -> parse("n=-1").number("n", 1, 9));
    assertThat(parse("a=yes").isYes("a")).isTrue();
    assertThat(parse().isYes("a")).isFalse();
    refused("a=maybe: neither yes nor no", () -> parse("a=maybe").isYes("a"));
  }

  private static void refused(String message, Runnable action) {
    assertThatExceptionOfType(ScriptException.class).isThrownBy(action::run).withMessage(message);
  }

  @Test
  void knowsWhichKernelsRenameLive() {
    assertThat(KernelRelease.renamesLive("6.18.44-fc-v595")).isTrue();
    assertThat(KernelRelease.renamesLive("6.2.0")).isTrue();
    assertThat(KernelRelease.renamesLive("7.0")).isTrue();
    assertThat(KernelRelease.renamesLive("6.1.0-31-amd64")).isFalse();
    assertThat(KernelRelease.renamesLive("5.14.0-503.el9.x86_64")).isFalse();
    assertThat(KernelRelease.renamesLive("strange")).isFalse();
  }
}
