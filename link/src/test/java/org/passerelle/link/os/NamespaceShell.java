package org.passerelle.link.os;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.passerelle.link.testing.IpCommand;

/** Runs tasks and shell commands in a namespace. */
record NamespaceShell(Namespace namespace) {

  <T> T call(Callable<T> task) {
    return namespace.call(task);
  }

  /** What the command says; fails when it fails. */
  String sh(String command) {
    return namespace.call(
        () -> {
          Process process =
              new ProcessBuilder("sh", "-ec", command).redirectErrorStream(true).start();
          byte[] output = process.getInputStream().readAllBytes();
          String text = new String(output, StandardCharsets.UTF_8);
          if (process.waitFor() != 0) {
            throw new AssertionError(command + ": " + text);
          }
          return text;
        });
  }

  /** Runs {@code ip words…} of each, in one process. */
  void ip(String... all) {
    new IpCommand(namespace).batch(List.of(all));
  }

  /** Keeps the kernel from saying anything by itself on a link; "default": on those to be made. */
  void silence(String link) {
    Path setting = Path.of("/proc/sys/net/ipv6/conf", link, "disable_ipv6");
    namespace.call(() -> Files.writeString(setting, "1"));
  }
}
