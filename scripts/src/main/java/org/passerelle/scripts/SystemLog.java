package org.passerelle.scripts;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import org.passerelle.link.os.UnixSocket;
import org.passerelle.link.rtnl.KernelException;

/**
 * Logs as Xen's scripts do (xen-hotplug-common.sh, logging.sh): to syslog as daemon, in one
 * datagram a message; errors to xen-hotplug.log too; and what syslog does not take, and all that is
 * not for debugging, to the standard error.
 */
final class SystemLog implements ScriptLog {
  private static final Path SYSLOG = Path.of("/dev/log");
  private static final int DAEMON = 3;

  private final String script;
  private final Path file;
  private final ScriptLog console;

  SystemLog(String script, Map<String, String> environment, ScriptLog console) {
    this.script = script;
    this.console = console;
    this.file = Path.of(environment.getOrDefault("XEN_LOG_DIR", "/var/log/xen"), "xen-hotplug.log");
  }

  @Override
  public void log(Level level, String message) {
    console.log(level, message);
    toSyslog(level, message);
    if (level == Level.ERR) {
      toFile(message);
    }
  }

  private void toSyslog(Level level, String message) {
    if (!Files.exists(SYSLOG)) {
      return;
    }
    String line = "<" + (DAEMON * 8 + level.severity()) + ">" + script + ": " + message;
    try (UnixSocket socket = UnixSocket.datagrams(SYSLOG)) {
      socket.send(line.getBytes(StandardCharsets.UTF_8));
    } catch (KernelException e) {
      console.log(Level.WARNING, "not in syslog: " + e.getMessage());
    }
  }

  /** Where there is no directory for it, nobody looks there. */
  private void toFile(String message) {
    if (!Files.isWritable(file.getParent())) {
      return;
    }
    try {
      Files.writeString(
          file,
          script + ": " + message + "\n",
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      console.log(Level.WARNING, "not in " + file + ": " + e.getMessage());
    }
  }
}
