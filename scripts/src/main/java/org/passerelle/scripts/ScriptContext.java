package org.passerelle.scripts;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.passerelle.hypervisor.xenstore.XenStore;
import org.passerelle.link.rtnl.Kernel;

/**
 * All that a script sees of the world.
 *
 * @param script the name or path that it was called by, for messages
 * @param arguments as on the command line: the command and {@code key=value} in any order
 * @param kernel of the network namespace that the calling thread is in
 * @param store connects to XenStore when first asked, and gives the same connection as long as it
 *     holds; a script does not close it
 * @param runDirectory for journals and locks; made when it is not there
 * @param log where the originals log
 * @param stop true once the process has been told to end: what is under way is undone
 */
public record ScriptContext(
    String script,
    List<String> arguments,
    Map<String, String> environment,
    Kernel kernel,
    Supplier<XenStore> store,
    PrintStream out,
    PrintStream err,
    Path runDirectory,
    ScriptLog log,
    BooleanSupplier stop) {

  public ScriptContext {
    arguments = List.copyOf(arguments);
    environment = Map.copyOf(environment);
  }

  /** The same for a plan in print. */
  ScriptContext planning() {
    return new ScriptContext(
        script,
        arguments,
        environment,
        new PartlySeen(kernel, runDirectory, err),
        store,
        out,
        err,
        runDirectory,
        log,
        stop);
  }

  /** Logs to {@code err}, and is never stopped. */
  public ScriptContext(
      String script,
      List<String> arguments,
      Map<String, String> environment,
      Kernel kernel,
      Supplier<XenStore> store,
      PrintStream out,
      PrintStream err,
      Path runDirectory) {
    this(
        script,
        arguments,
        environment,
        kernel,
        store,
        out,
        err,
        runDirectory,
        ScriptLog.to(err, script),
        () -> false);
  }
}
