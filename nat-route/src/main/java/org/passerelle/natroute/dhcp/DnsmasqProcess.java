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
import java.util.function.Consumer;
import org.passerelle.link.os.HostFiles;

/**
 * The process of our dnsmasq, known by its directory: whatever number it says that it has, no other
 * process has the directory there.
 */
final class DnsmasqProcess {
  private static final String MOUNT =
      "PATH=$PATH:/usr/sbin:/sbin; mount --bind \"$1\" " + DnsmasqText.PLACE + " || exit; ";

  private static final String EXEC = "exec dnsmasq --conf-file=" + DnsmasqText.PLACE + "/conf";

  /** It runs in the background, as a user without rights, once this has ended well. */
  private static final String BEGIN = MOUNT + EXEC;

  /**
   * Where there is no other user, dnsmasq stays who it is in no mode but the one for developers,
   * which neither goes into the background nor says its number: it is put there, and heard until it
   * says that it runs. It ignores SIGPIPE when it says more; its words go to syslog too.
   */
  private static final String BEGIN_AS_ITSELF =
      MOUNT
          + "cd /; { LC_ALL=C setsid sh -c 'echo $$ >"
          + DnsmasqText.PLACE
          + "/pid; "
          + EXEC
          + " --no-daemon' & } 2>&1 | { while IFS= read -r line; do"
          + " case $line in *': started, version '*) exit 0 ;; esac; echo \"$line\";"
          + " done; exit 1; }";

  /** Says "deny" in a user namespace that a user without rights made (user_namespaces(7)). */
  private static final String GROUPS = "proc/self/setgroups";

  private static final long PATIENCE_NANOS = 2_000_000_000L;
  private static final long PAUSE_NANOS = 2_000_000L;

  /** The file in which it says its number. */
  static final String NUMBER = "pid";

  private final OwnFiles files;
  private final boolean anywhere;

  private DnsmasqProcess(OwnFiles files, boolean anywhere) {
    this.files = files;
    this.anywhere = anywhere;
  }

  /** That of the calling thread's network namespace: another one's hears nothing in this. */
  static DnsmasqProcess here(OwnFiles files) {
    return new DnsmasqProcess(files, false);
  }

  /** That of whatever network namespace. */
  static DnsmasqProcess anywhere(OwnFiles files) {
    return new DnsmasqProcess(files, true);
  }

  boolean isAlive() {
    return find().isPresent();
  }

  /** Its number, if it is alive. */
  Optional<Long> number() {
    return find().map(ProcessHandle::pid);
  }

  /** By its number, or, where that leads to nothing, or to another process, among all. */
  private Optional<ProcessHandle> find() {
    Optional<ProcessHandle> noted = ours(files.read(NUMBER).strip());
    return noted.isPresent() ? noted : amongAll();
  }

  private Optional<ProcessHandle> amongAll() {
    for (String number : HostFiles.REAL.names("proc")) {
      Optional<ProcessHandle> found = ours(number);
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  private Optional<ProcessHandle> ours(String number) {
    return number.matches("[1-9]\\d{0,9}") && isOurs(number)
        ? ProcessHandle.of(Long.parseLong(number))
        : Optional.empty();
  }

  private boolean isOurs(String number) {
    Path process = Path.of("/proc", number);
    try {
      return Files.readString(process.resolve("comm")).equals("dnsmasq\n")
          && Files.isSameFile(process.resolve("root" + DnsmasqText.PLACE), files.directory())
          && (anywhere || HostFiles.REAL.isInThisNetwork(number));
    } catch (IOException e) {
      // It has ended, or is about to.
      return false;
    }
  }

  void begin() {
    String begin = HostFiles.REAL.lines(GROUPS).contains("deny") ? BEGIN_AS_ITSELF : BEGIN;
    String directory = files.directory().toString();
    run("start dnsmasq", List.of("unshare", "--mount", "--", "sh", "-c", begin, "sh", directory));
  }

  /** Has it read its hosts again, if it is there. */
  void reread() {
    find()
        .ifPresent(
            process ->
                run(
                    "signal dnsmasq, process " + process.pid(),
                    List.of("sh", "-c", "kill -HUP \"$1\"", "sh", Long.toString(process.pid()))));
  }

  private void run(String what, List<String> command) {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectInput(new File("/dev/null"))
              .start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int code = process.waitFor();
      if (code != 0) {
        throw new IOException("exit code " + code + ", " + said.strip() + "; " + remedy(said));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(what + " (" + files.directory() + "): " + e.getMessage(), e);
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts a script", e);
    }
  }

  private String remedy(String said) {
    if (said.contains("Address already in use")) {
      return "another server hears on port 67, `ss -lunp sport = :67` names it: end it, or keep it"
          + " off vifs with bind-dynamic (dnsmasq), or say dhcp=no";
    }
    return said.contains("Operation not permitted")
        ? "it needs root, outside of a container that forbids mount namespaces; or say dhcp=no"
        : "its configuration is " + files.path(Dnsmasq.CONFIGURATION) + "; or say dhcp=no";
  }

  /** Ends it, if it is there, and waits until it is gone. */
  void end() {
    endAll(ProcessHandle::destroy);
    if (!isGone()) {
      endAll(ProcessHandle::destroyForcibly);
      if (!isGone()) {
        throw stays();
      }
    }
  }

  /** Of several network namespaces there may be several. */
  private void endAll(Consumer<ProcessHandle> end) {
    for (String number : HostFiles.REAL.names("proc")) {
      ours(number).ifPresent(end);
    }
  }

  private UncheckedIOException stays() {
    String number = number().map(String::valueOf).orElse("that was seen");
    return new UncheckedIOException(
        new IOException(
            "dnsmasq of "
                + files.directory()
                + ", process "
                + number
                + ", does not end; kill it by hand"));
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
