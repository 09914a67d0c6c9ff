package org.passerelle.link.os;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.passerelle.link.rtnl.KernelException;
import org.passerelle.link.rtnl.SettingPath;

/**
 * The settings under /proc/sys/net of one network namespace. The kernel shows each thread those of
 * the namespace that it is in.
 *
 * <p>Keys are paths below /proc/sys, {@code net/ipv4/conf/vif1.0/proxy_arp}: with dots between the
 * parts a device's name could not be told from them.
 */
public final class Sysctl {
  private final Optional<Namespace> namespace;

  private Sysctl(Optional<Namespace> namespace) {
    this.namespace = namespace;
  }

  /** The settings of whichever namespace the calling thread is in. */
  public static Sysctl here() {
    return new Sysctl(Optional.empty());
  }

  /** The settings of this namespace. */
  public static Sysctl in(Namespace namespace) {
    return new Sysctl(Optional.of(namespace));
  }

  /**
   * Reads a setting, without the line's end.
   *
   * @throws KernelException ENOENT when there is none of this name
   */
  public String read(String key) {
    String path = path(key);
    return there(() -> readFile(path, "read sysctl " + key));
  }

  /** Writes a setting. */
  public void write(String key, String value) {
    String path = path(key);
    String operation = "set sysctl " + key + " = " + value;
    there(
        () -> {
          writeFile(path, value, operation);
          return null;
        });
  }

  /** The links of the namespace, those to come included, do without IPv6. */
  public void disableIpv6() {
    write("net/ipv6/conf/all/disable_ipv6", "1");
    write("net/ipv6/conf/default/disable_ipv6", "1");
  }

  private <T> T there(Callable<T> task) {
    return namespace.isPresent() ? namespace.get().call(task) : Namespace.here(task);
  }

  private static String path(String key) {
    if (!key.startsWith("net/") || SettingPath.leadsElsewhere(key) || key.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("not a key below net/: " + key);
    }
    return "/proc/sys/" + key;
  }

  private static String readFile(String path, String operation) {
    int file = Libc.open(path, Libc.O_RDONLY, operation);
    try {
      byte[] buffer = new byte[4096];
      long length = Libc.read(file, buffer);
      if (length < 0) {
        throw Libc.failure(operation);
      }
      return new String(buffer, 0, (int) length, StandardCharsets.US_ASCII).strip();
    } finally {
      Libc.close(file);
    }
  }

  private static void writeFile(String path, String value, String operation) {
    int file = Libc.open(path, Libc.O_WRONLY, operation);
    try {
      if (Libc.write(file, (value + "\n").getBytes(StandardCharsets.US_ASCII)) < 0) {
        throw Libc.failure(operation);
      }
    } finally {
      Libc.close(file);
    }
  }
}
