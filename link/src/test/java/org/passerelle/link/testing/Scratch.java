package org.passerelle.link.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDirFactory;

/**
 * Directories for what is put on disk line by line thousands of times, and need not outlive the
 * machine in a test: in memory, where there is a place for it. {@code @TempDir(factory =
 * Scratch.class)}
 */
public final class Scratch implements TempDirFactory {
  private static final Path MEMORY = Path.of("/dev/shm");

  @Override
  public Path createTempDirectory(AnnotatedElementContext element, ExtensionContext context)
      throws IOException {
    return directory();
  }

  /** A new directory; whoever asked removes it. */
  public static Path directory() throws IOException {
    return Files.isWritable(MEMORY)
        ? Files.createTempDirectory(MEMORY, "passerelle")
        : Files.createTempDirectory("passerelle");
  }
}
