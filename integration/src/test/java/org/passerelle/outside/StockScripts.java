package org.passerelle.outside;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.passerelle.hypervisor.testing.Judges;

/**
 * Xen's own scripts (Debian's xen-utils-common; {@code PASSERELLE_STOCK} names their directory),
 * run as they are, with XenStore's real clients. What they write besides, log and locks, is seen by
 * that run only.
 */
final class StockScripts {
  private static final String PRIVATE =
      "mount -t sysfs sysfs /sys && mount -t tmpfs tmpfs /run && mount -t tmpfs tmpfs /var/log"
          + " && mkdir /var/log/xen && exec \"$@\"";

  private final Path directory;

  private StockScripts(Path directory) {
    this.directory = directory;
  }

  static StockScripts find() {
    Judges.needClients();
    String named =
        Optional.ofNullable(System.getenv("PASSERELLE_STOCK")).orElse("/etc/xen/scripts");
    Path directory = Path.of(named);
    Judges.need(
        directory.resolve("vif-bridge"), "install xen-utils-common or set PASSERELLE_STOCK");
    return new StockScripts(directory);
  }

  /** A copy in which one line of one file, found by a part of it, is another one. */
  StockScripts changed(Path into, String file, String part, String line) {
    try (Stream<Path> files = Files.list(directory)) {
      Files.createDirectories(into);
      for (Path one : files.filter(Files::isRegularFile).toList()) {
        Files.copy(one, into.resolve(one.getFileName()));
      }
      List<String> lines = new ArrayList<>(Files.readAllLines(into.resolve(file)));
      if (lines.stream().filter(old -> old.contains(part)).count() != 1) {
        throw new IllegalStateException(part + " is not in one line of " + file);
      }
      lines.replaceAll(old -> old.contains(part) ? line : old);
      Files.write(into.resolve(file), lines);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new StockScripts(into);
  }

  /** Starts a script in dom0; the words are as its own launcher would get them. */
  Process start(Dom0 dom0, List<String> words) {
    List<String> command = new ArrayList<>();
    command.addAll(List.of("unshare", "--mount", "--propagation", "private"));
    command.addAll(List.of("sh", "-c", PRIVATE, "sh"));
    command.add(directory.resolve(words.getFirst()).toString());
    command.addAll(words.subList(1, words.size()));
    return dom0.inEnvironment(command);
  }
}
