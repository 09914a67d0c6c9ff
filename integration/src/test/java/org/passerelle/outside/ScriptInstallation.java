package org.passerelle.outside;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * The launchers of {@code scripts/bin} with what they need, copied out of the build: there they
 * would look for newer sources, and build beneath the tests that run.
 */
final class ScriptInstallation {
  private static final Path BUILT = Path.of("..").toAbsolutePath().normalize();

  private final Path top;

  private ScriptInstallation(Path top) {
    this.top = top;
  }

  static ScriptInstallation in(Path directory) {
    for (String part : List.of("scripts/bin", "scripts/lib", "scripts/target/lib")) {
      copy(BUILT.resolve(part), directory.resolve(part));
    }
    return new ScriptInstallation(directory);
  }

  /** With times and modes, by which the class-data archive knows its jars. */
  private static void copy(Path from, Path to) {
    try (Stream<Path> files = Files.list(from)) {
      Files.createDirectories(to);
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.copy(file, to.resolve(file.getFileName()), StandardCopyOption.COPY_ATTRIBUTES);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("copy " + from + " (is scripts built, with package?)", e);
    }
  }

  String launcher(String script) {
    return top.resolve("scripts/bin").resolve(script).toString();
  }
}
