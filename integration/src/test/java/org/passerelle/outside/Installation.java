package org.passerelle.outside;

import static java.util.stream.Collectors.joining;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The command with its launcher and what it was built from, copied to where every user may read it:
 * the checkout may lie in root's own directory.
 */
final class Installation {
  private static final Path CHECKOUT = Path.of("").toAbsolutePath().getParent();

  private final Path top;

  private Installation(Path top) {
    this.top = top;
  }

  static Installation copyTo(Path directory) throws IOException {
    openForAll(directory);
    Path top = directory.resolve("passerelle");
    for (String part : List.of("scripts/bin", "scripts/lib")) {
      copyAll(CHECKOUT.resolve(part), Files.createDirectories(top.resolve(part)));
    }
    putJars(top);
    return new Installation(top);
  }

  /** What the command runs, where its launcher looks for it. */
  static void putJars(Path top) throws IOException {
    Path jars = Files.createDirectories(top.resolve("integration/target/lib"));
    int number = 0;
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      install(Path.of(entry).toAbsolutePath(), jars.resolve(number++ + ".jar"));
    }
    String names = IntStream.range(0, number).mapToObj(n -> n + ".jar").collect(joining(" "));
    Files.writeString(
        jars.resolve("built"),
        "built_with='%s'\nbuilt_from=\nbuilt_jars='%s'\n"
            .formatted(System.getProperty("java.home"), names));
  }

  /** Temporary directories are their maker's only. */
  static void openForAll(Path directory) throws IOException {
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static void copyAll(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(file.getFileName()), StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
  }

  /** The launcher puts jars on the class path; the build in progress may have directories. */
  private static void install(Path entry, Path jar) throws IOException {
    if (Files.isRegularFile(entry)) {
      Files.copy(entry, jar);
    } else if (Files.isDirectory(entry) && !entry.endsWith("test-classes")) {
      ToolProvider.findFirst("jar")
          .orElseThrow()
          .run(System.out, System.err, "-cf", jar.toString(), "-C", entry.toString(), ".");
    }
  }

  /** The `passerelle` command of whoever calls it. */
  List<String> command() {
    return List.of(
        "env",
        "--unset=XDG_RUNTIME_DIR",
        "PASSERELLE_JAVA_HOME=" + System.getProperty("java.home"),
        top.resolve("scripts/bin/passerelle").toString());
  }

  /** A hotplug script of whoever calls it, without its launcher. */
  List<String> script(String name) {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "--enable-native-access=ALL-UNNAMED",
        "-cp",
        top.resolve("integration/target/lib") + "/*",
        "org.passerelle.scripts.Main",
        name,
        name);
  }
}
