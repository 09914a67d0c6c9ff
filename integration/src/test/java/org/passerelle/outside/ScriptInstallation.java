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
  private static final String RUNTIME = "scripts/target/java";
  private static final Path BUILT = Path.of("..").toAbsolutePath().normalize();

  private final Path top;

  private ScriptInstallation(Path top) {
    this.top = top;
  }

  static ScriptInstallation in(Path directory) {
    for (String part : List.of("scripts/bin", "scripts/lib", "scripts/target/lib")) {
      copy(BUILT.resolve(part), directory.resolve(part));
    }
    link(RUNTIME, directory);
    return new ScriptInstallation(directory);
  }

  /** The archives are for the runtime that the build made, wherever it is. */
  private static void link(String runtime, Path directory) {
    try {
      if (Files.isDirectory(BUILT.resolve(runtime))) {
        Files.createSymbolicLink(directory.resolve(runtime), BUILT.resolve(runtime));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("link the runtime", e);
    }
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
