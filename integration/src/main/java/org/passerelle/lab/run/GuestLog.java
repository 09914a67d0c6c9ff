package org.passerelle.lab.run;

import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.List;
import java.util.function.Consumer;

/** What a guest's process writes: passed on line by line, and its last lines kept. */
final class GuestLog {
  private static final Logger LOG = System.getLogger(GuestLog.class.getName());
  private static final int KEPT = 10;

  private final ArrayDeque<String> last = new ArrayDeque<>();
  private final Consumer<String> listener;
  private final Thread reader;

  /**
   * Reads to the end, on a thread of its own.
   *
   * @param listener is told each line
   */
  GuestLog(String name, InputStream from, Consumer<String> listener) {
    this.listener = listener;
    this.reader =
        Thread.ofPlatform().daemon().name("passerelle-log-" + name).start(() -> read(from));
  }

  private void read(InputStream from) {
    try (from;
        LineOutput lines = new LineOutput(this::add)) {
      from.transferTo(lines);
    } catch (IOException e) {
      LOG.log(Level.WARNING, "the rest of a guest''s log is lost: {0}", e.getMessage());
    }
  }

  /** Without what a terminal would obey: a guest is not to write the lab's report. */
  private void add(String written) {
    String line = written.replaceAll("\\p{Cntrl}", "?");
    synchronized (last) {
      last.add(line);
      if (last.size() > KEPT) {
        last.remove();
      }
    }
    listener.accept(line);
  }

  /** Its last lines, when all is read. */
  List<String> tail() throws InterruptedException {
    reader.join();
    synchronized (last) {
      return List.copyOf(last);
    }
  }
}
