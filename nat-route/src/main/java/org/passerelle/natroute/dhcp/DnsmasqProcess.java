package org.passerelle.natroute.dhcp;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.passerelle.link.os.HostFiles;

/**
 * The process of our dnsmasq, known by its directory: whatever number it says that it has, no other
 * process has the directory there.
 */
final class DnsmasqProcess {
  /** It runs in the background once this has ended well. */
  private static final String BEGIN =
      "PATH=$PATH:/usr/sbin:/sbin; mount --bind \"$1\" "
          + DnsmasqText.PLACE
          + " && exec dnsmasq --conf-file="
          + DnsmasqText.PLACE
          + "/conf";

  private static final long PATIENCE_NANOS = 2_000_000_000L;
  private static final long PAUSE_NANOS = 2_000_000L;

  /** The file in which it says its number. */
  static final String NUMBER = "pid";

  private final OwnFiles files;

  DnsmasqProcess(OwnFiles files) {
    this.files = files;
  }

  boolean isAlive() {
    return find().isPresent();
  }

  /** By its number, or, where that leads to nothing, or to another process, among all. */
  private Optional<ProcessHandle> find() {
    return Stream.concat(
            Stream.of(files.read(NUMBER).strip()), HostFiles.REAL.names("proc").stream())
        .filter(number -> number.matches("[1-9]\\d{0,9}") && isOurs(Path.of("/proc", number)))
        .findFirst()
        .flatMap(number -> ProcessHandle.of(Long.parseLong(number)));
  }

  private boolean isOurs(Path process) {
    try {
      return Files.readString(process.resolve("comm")).equals("dnsmasq\n")
          && Files.isSameFile(process.resolve("root" + DnsmasqText.PLACE), files.directory());
    } catch (IOException e) {
      // It has ended, or is about to.
      return false;
    }
  }

  void begin() {
    String directory = files.directory().toString();
    run("start dnsmasq", List.of("unshare", "--mount", "--", "sh", "-c", BEGIN, "sh", directory));
  }

  /** Has it read its hosts again, if it is there. */
  void reread() {
    find()
        .ifPresent(
            process ->
                run(
                    "signal dnsmasq",
                    List.of("sh", "-c", "kill -HUP \"$1\"", "sh", Long.toString(process.pid()))));
  }

  private static void run(String what, List<String> command) {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectInput(new File("/dev/null"))
              .start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int code = process.waitFor();
      if (code != 0) {
        throw new IOException("exit code " + code + ", " + said.strip());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(what + ": " + e.getMessage(), e);
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts a script", e);
    }
  }

  /** Ends it, if it is there, and waits until it is gone. */
  void end() {
    find().ifPresent(ProcessHandle::destroy);
    if (!isGone()) {
      find().ifPresent(ProcessHandle::destroyForcibly);
      if (!isGone()) {
        throw new UncheckedIOException(
            new IOException("dnsmasq of " + files.directory() + " does not end"));
      }
    }
  }

  private boolean isGone() {
    long end = System.nanoTime() + PATIENCE_NANOS;
    while (isAlive()) {
      if (System.nanoTime() - end > 0) {
        return false;
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
    return true;
  }
}
