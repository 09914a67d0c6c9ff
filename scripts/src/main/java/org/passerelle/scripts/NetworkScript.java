package org.passerelle.scripts;

import java.util.List;
import java.util.Set;
import org.passerelle.link.plan.Host;

/** A script for the whole host: {@code start|stop|status}. */
abstract class NetworkScript implements HotplugScript {

  /** Returns the exit code, as the others; what it throws is logged. */
  abstract int start(ScriptContext context, ScriptArguments arguments);

  abstract int stop(ScriptContext context, ScriptArguments arguments);

  abstract int status(ScriptContext context, ScriptArguments arguments);

  @Override
  public final int run(ScriptContext context) {
    try {
      ScriptArguments arguments = ScriptArguments.parse(context.arguments());
      return switch (arguments.command()) {
        case "start" -> start(context, arguments);
        case "stop" -> stop(context, arguments);
        case "status" -> status(context, arguments);
        default -> unknown(context, arguments.command());
      };
    } catch (RuntimeException e) {
      context.log().log(ScriptLog.Level.ERR, Failures.line(e));
      return 1;
    }
  }

  private static int unknown(ScriptContext context, String command) {
    context.err().println("Unknown command: " + command);
    context.err().println("Valid commands are: start, stop, status");
    return 1;
  }

  /** The host as it is now. */
  static Host host(ScriptContext context) {
    return new Host(context.kernel());
  }

  static void refuseAntispoof(ScriptArguments arguments) {
    if (arguments.isYes("antispoof")) {
      throw new ScriptException(
          "antispoof=yes cannot be had yet: nothing would stop spoofed frames. Nothing was"
              + " changed; leave it out, or filter by other means");
    }
  }

  static void warnOfUnknown(ScriptContext context, ScriptArguments arguments, Set<String> keys) {
    List<String> unknown =
        arguments.values().keySet().stream().filter(key -> !keys.contains(key)).toList();
    if (!unknown.isEmpty()) {
      context.log().log(ScriptLog.Level.WARNING, "these keys mean nothing here: " + unknown);
    }
  }
}
