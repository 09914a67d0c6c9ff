package org.passerelle.scripts;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.passerelle.hypervisor.xenstore.client.StoreSocket;

/** The launchers' way in: the script's name, the path that it was called by, its arguments. */
public final class Main {
  private Main() {}

  public static void main(String[] words) {
    StopSignal stop = StopSignal.install();
    Preparation.begin();
    int code;
    try {
      code = run(words, stop);
    } finally {
      Alone.end();
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
    List<String> arguments = Arrays.asList(words).subList(2, words.length);
    StoreConnection store = new StoreConnection(StoreSocket.path(environment));
    return new ScriptCall(words[0], words[1], arguments, environment)
        .run(store, System.out, System.err, stop::isStopping);
  }
}
