package org.passerelle.scripts;

import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.passerelle.vlan.Tagger;

/**
 * {@code switching=}, which says who tags: the {@code kernel}, {@code userspace}, or {@code auto},
 * which is the kernel where it can.
 */
final class Switching {
  static final String KEY = "switching";

  private Switching() {}

  /**
   * Who tags.
   *
   * @param word what was said; empty for nothing
   * @param makesVlans whether the kernel can, asked when it is its to decide
   */
  static Tagger tagger(Optional<String> word, BooleanSupplier makesVlans) {
    return switch (word.orElse("auto")) {
      case "auto" -> makesVlans.getAsBoolean() ? Tagger.KERNEL : Tagger.TRUNK;
      case "kernel" -> Tagger.KERNEL;
      case "userspace" -> Tagger.TRUNK;
      case String other ->
          throw new ScriptException(
              KEY + "=" + other + " is not known; there are auto, kernel and userspace");
    };
  }
}
