package org.passerelle.scripts;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.passerelle.hypervisor.xenstore.client.StoreSocket;
import org.passerelle.link.os.NetlinkKernel;

/** The launchers' way in: the script's name, the path that it was called by, its arguments. */
public final class Main {
  private static final Path RUN_DIRECTORY = Path.of("/run/passerelle");

  private Main() {}

  public static void main(String[] words) {
    StopSignal stop = StopSignal.install();
    HostKey.prepare();
    int code;
    try {
      code = run(words, stop);
    } finally {
      stop.finished();
    }
    stop.exit(code);
  }

  private static int run(String[] words, StopSignal stop) {
    if (words.length < 2) {
      System.err.println("usage: SCRIPT PATH [ARGUMENT…]");
      return 1;
    }
    Map<String, String> environment = System.getenv();
    String path = words[1];
    ScriptLog console = ScriptLog.to(System.err, words[0]);
    ScriptLog log = new SystemLog(path, environment, console);
    List<String> arguments = Arrays.asList(words).subList(2, words.length);
    try (NetlinkKernel kernel = NetlinkKernel.open()) {
      return script(words[0])
          .run(
              new ScriptContext(
                  path,
                  arguments,
                  environment,
                  kernel,
                  new StoreConnection(StoreSocket.path(environment)),
                  System.out,
                  System.err,
                  runDirectory(environment),
                  log,
                  stop::isStopping));
    } catch (RuntimeException e) {
      log.log(ScriptLog.Level.ERR, Failures.line(e));
      return 1;
    }
  }

  private static HotplugScript script(String name) {
    return switch (name) {
      case "network-bridge" -> new NetworkBridge();
      case "vif-bridge" -> new VifBridge();
      case "recover" -> new Recover();
      default -> throw new ScriptException("there is no script " + name);
    };
  }

  private static Path runDirectory(Map<String, String> environment) {
    String chosen = environment.getOrDefault("PASSERELLE_RUN_DIR", "");
    return chosen.isEmpty() ? RUN_DIRECTORY : Path.of(chosen);
  }
}
