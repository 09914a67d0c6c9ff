package org.passerelle.scripts;

import java.util.List;

/** One of the scripts that a toolstack runs. */
public interface HotplugScript {

  /** The keys of the words that mean something to it. */
  default List<String> words() {
    return List.of();
  }

  /** Does what the script's arguments and environment ask for, and returns its exit code. */
  int run(ScriptContext context);
}
