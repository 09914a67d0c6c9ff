package org.passerelle.scripts.sealing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlainLambdasTest {
  @TempDir Path directory;
  private Path jar;

  @BeforeEach
  void jarOfSamples() throws Exception {
    jar = directory.resolve("samples.jar");
    URI classes = LambdaSamples.class.getProtectionDomain().getCodeSource().getLocation().toURI();
    Path root = Path.of(classes);
    Path samples = root.resolve(LambdaSamples.class.getPackageName().replace('.', '/'));
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(jar));
        DirectoryStream<Path> files = Files.newDirectoryStream(samples, "LambdaSamples*.class")) {
      for (Path file : files) {
        out.putNextEntry(new ZipEntry(root.relativize(file).toString()));
        out.write(Files.readAllBytes(file));
      }
      out.putNextEntry(new ZipEntry("note"));
      out.write("as it was".getBytes(StandardCharsets.UTF_8));
    }
  }

  @Test
  void eachGivesWhatItGaveBefore() throws Exception {
    assertThat(lambdas()).isPositive();

    PlainLambdas.main(new String[] {jar.toString()});

    assertThat(lambdas()).isZero();
    URL[] alone = {jar.toUri().toURL()};
    try (URLClassLoader loader = new URLClassLoader(alone, ClassLoader.getPlatformClassLoader())) {
      Object given = loader.loadClass(LambdaSamples.class.getName()).getMethod("all").invoke(null);
      assertThat(given).isEqualTo(LambdaSamples.all());
    }
  }

  @Test
  void whatIsNoClassStays() throws Exception {
    PlainLambdas.main(new String[] {jar.toString()});

    try (ZipFile file = new ZipFile(jar.toFile());
        InputStream note = file.getInputStream(file.getEntry("note"))) {
      assertThat(note.readAllBytes()).asString().isEqualTo("as it was");
    }
  }

  @Test
  void jarWithoutLambdasIsLeftAlone() throws Exception {
    PlainLambdas.main(new String[] {jar.toString()});
    Object once = Files.readAttributes(jar, "unix:ino,ctime");

    PlainLambdas.main(new String[] {jar.toString()});

    assertThat(Files.readAttributes(jar, "unix:ino,ctime")).isEqualTo(once);
  }

  /** How many classes name what makes a lambda at run time. */
  private long lambdas() throws IOException {
    long found = 0;
    try (ZipInputStream in = new ZipInputStream(Files.newInputStream(jar))) {
      while (in.getNextEntry() != null) {
        String bytes = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        found += bytes.contains("LambdaMetafactory") ? 1 : 0;
      }
    }
    return found;
  }
}
