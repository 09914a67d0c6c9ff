package org.passerelle.toolstack;

import java.util.List;
import java.util.Map;

/** Runs a hotplug script in dom0. */
@FunctionalInterface
public interface HotplugRunner {

  /** Returns the script's exit code. */
  int run(String script, List<String> arguments, Map<String, String> environment);
}
