package org.passerelle.scripts.sealing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/**
 * Rewrites jars so that each lambda and each method reference in them is a class of its own,
 * instead of an instruction from which the virtual machine makes a hidden one. An archive of
 * classes can have such hidden ones too, but each takes longer to load than a plain one, and comes
 * with method types and handles that fill the archive's heap: a vif's script lasts a sixteenth
 * longer with them.
 *
 * <p>One that captures nothing is made anew each time, where the virtual machine keeps one for each
 * place; and its frames are seen in a stack trace. Serializable lambdas, and those of several
 * interfaces, stay as they are.
 */
final class PlainLambdas {
  /** The same jar is made of the same classes. */
  private static final LocalDateTime ANY_TIME = LocalDateTime.of(1980, 1, 1, 0, 0);

  private PlainLambdas() {}

  /**
   * Rewrites the jars whose paths are given. One that has no lambda, as when it was rewritten
   * before, stays as it is. What its classes name is to be on the class path.
   */
  public static void main(String[] paths) throws IOException {
    PlainClasses plain = new PlainClasses();
    for (String path : paths) {
      Map<String, byte[]> entries = read(Path.of(path));
      Map<String, byte[]> made = plain.of(entries);
      if (made.size() > entries.size()) {
        write(Path.of(path), made);
      }
    }
  }

  private static Map<String, byte[]> read(Path jar) throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    try (ZipInputStream in = new ZipInputStream(Files.newInputStream(jar))) {
      for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        if (entry.getName().matches("META-INF/(versions/.*|.*\\.SF)")) {
          throw new IOException(jar + " has " + entry.getName() + ": several versions, or signed");
        }
        entries.put(entry.getName(), in.readAllBytes());
      }
    }
    return entries;
  }

  /** At each moment the old jar or the new one is there, whole. */
  private static void write(Path jar, Map<String, byte[]> entries) throws IOException {
    Path unfinished = jar.resolveSibling(jar.getFileName() + ".new");
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(unfinished))) {
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        ZipEntry made = new ZipEntry(entry.getKey());
        made.setTimeLocal(ANY_TIME);
        out.putNextEntry(made);
        out.write(entry.getValue());
        out.closeEntry();
      }
    }
    Files.move(unfinished, jar, StandardCopyOption.ATOMIC_MOVE);
  }
}
