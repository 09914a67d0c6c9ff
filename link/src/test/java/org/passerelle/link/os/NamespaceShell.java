package org.passerelle.link.os;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;

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

  /** Keeps the kernel from saying anything by itself on a link. */
  void silence(String link) {
    sh("echo 1 >/proc/sys/net/ipv6/conf/" + link + "/disable_ipv6");
  }
}
