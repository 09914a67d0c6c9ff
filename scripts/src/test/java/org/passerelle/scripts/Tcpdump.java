package org.passerelle.scripts;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.passerelle.link.os.Namespace;

/** What comes to a device, by a program that is not ours: tcpdump. */
final class Tcpdump implements AutoCloseable {
  /** To standard output, frame by frame; as root, for not every system has a user for it. */
  private static final String WORDS = " -w - -U --immediate-mode -B 8192 -Z root";

  private final Process process;
  private final Thread reader;
  private final ByteArrayOutputStream seen = new ByteArrayOutputStream();

  /** On return it listens. */
  Tcpdump(Namespace where, String device) {
    process =
        where.call(
            () -> new ProcessBuilder(List.of(("tcpdump -i " + device + WORDS).split(" "))).start());
    awaitListening();
    reader = Thread.ofPlatform().daemon().start(this::read);
  }

  private void awaitListening() {
    try {
      BufferedReader words =
          new BufferedReader(
              new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8));
      List<String> said = new ArrayList<>();
      String line = words.readLine();
      while (line != null && !line.contains("listening on")) {
        said.add(line);
        line = words.readLine();
      }
      if (line == null) {
        throw new IllegalStateException("tcpdump ended with " + process.waitFor() + ": " + said);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private void read() {
    byte[] octets = new byte[65536];
    try {
      int count = process.getInputStream().read(octets);
      while (count > 0) {
        synchronized (seen) {
          seen.write(octets, 0, count);
        }
        count = process.getInputStream().read(octets);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All that came, from an octet on: a text with a character for each. */
  String since(int from) {
    synchronized (seen) {
      return seen.toString(StandardCharsets.ISO_8859_1).substring(from);
    }
  }

  /** How many octets came. */
  int position() {
    synchronized (seen) {
      return seen.size();
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      process.waitFor();
      reader.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
