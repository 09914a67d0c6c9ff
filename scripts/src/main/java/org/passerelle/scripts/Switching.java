package org.passerelle.scripts;

import java.util.Optional;
import org.passerelle.link.rtnl.Kernel;
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
   */
  static Tagger tagger(Optional<String> word, Kernel kernel) {
    return switch (word.orElse("auto")) {
      case "auto" -> kernel.makesVlans() ? Tagger.KERNEL : Tagger.TRUNK;
      case "kernel" -> Tagger.KERNEL;
      case "userspace" -> Tagger.TRUNK;
      case String other ->
          throw new ScriptException(
              KEY + "=" + other + " is not known; there are auto, kernel and userspace");
    };
  }
}
