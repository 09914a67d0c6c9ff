package org.passerelle.scripts;

/** One of the scripts that a toolstack runs. */
public interface HotplugScript {

  /** Does what the script's arguments and environment ask for, and returns its exit code. */
  int run(ScriptContext context);
}
