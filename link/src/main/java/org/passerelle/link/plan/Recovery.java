package org.passerelle.link.plan;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.passerelle.link.rtnl.Kernel;

/**
 * Undoes what killed processes left half done, from their journals, and only where things are still
 * as they left them: what somebody has repaired since stays as it is.
 */
public final class Recovery {
  private final Path directory;
  private final Journal.Key key;
  private final Kernel kernel;
  private final Consumer<String> report;
  private final Predicate<String> isSeen;
  private final Map<String, Path> left = new HashMap<>();

  /**
   * @param key this boot, and the namespace that {@code kernel} is of
   * @param report takes one line for each thing done, refused or discarded
   * @param isSeen whether an {@link Announcement}'s proof is to be seen
   */
  public Recovery(
      Path directory,
      Journal.Key key,
      Kernel kernel,
      Consumer<String> report,
      Predicate<String> isSeen) {
    this.directory = directory;
    this.key = key;
    this.kernel = kernel;
    this.report = report;
    this.isSeen = isSeen;
  }

  /**
   * Deals with all orphaned journals of the directory; no directory, no journals. One that cannot
   * be dealt with is reported, and does not keep the others waiting. Throws UncheckedIOException
   * when the directory cannot be read.
   *
   * @return the journals of this namespace that are left because not all could be undone, by the
   *     devices that they name: a plan for one of these would be undone together with the rest
   */
  public Map<String, Path> run() {
    for (Path file : files(Journal.UNFINISHED)) {
      discard(file);
    }
    forOrphans(this::recoverOrphan);
    return Map.copyOf(left);
  }

  /** Whose plans were cut off, and are not undone yet; undoes nothing. */
  public List<String> cutOff() {
    List<String> owners = new ArrayList<>();
    forOrphans(
        (_, channel) -> {
          JournalFormat.Content content = JournalFormat.read(text(channel));
          if (content.key().equals(key) && content.proof().filter(isSeen).isEmpty()) {
            owners.add(content.owner());
          }
        });
    return owners;
  }

  /** What is to be done with a journal whose owner is dead. */
  private interface Task {
    void with(Path file, FileChannel channel) throws IOException;
  }

  private void forOrphans(Task task) {
    for (Path file : files(Journal.SUFFIX)) {
      try {
        ifOrphan(file, task);
      } catch (NoSuchFileException e) {
        // Its owner, or another recovery, has finished since we listed it.
      } catch (IOException | RuntimeException e) {
        report.accept("journal " + file + " is left as it is, look at it by hand: " + e);
      }
    }
  }

  /** Its owner was killed before the first step, unless it has the lock. */
  private void discard(Path file) {
    if (!Journal.claim(file)) {
      return;
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      if (isOrphan(channel)) {
        Files.deleteIfExists(file);
      }
    } catch (NoSuchFileException e) {
      // Finished meanwhile.
    } catch (IOException e) {
      report.accept("the unfinished journal " + file + " stays: " + e);
    } finally {
      Journal.release(file);
    }
  }

  private List<Path> files(String suffix) {
    List<Path> found = new ArrayList<>();
    if (!Files.isDirectory(directory)) {
      return found;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        if (file.toString().endsWith(suffix)) {
          found.add(file);
        }
      }
      Collections.sort(found);
      return found;
    } catch (DirectoryIteratorException e) {
      throw unlisted(e.getCause());
    } catch (IOException e) {
      throw unlisted(e);
    }
  }

  private UncheckedIOException unlisted(IOException e) {
    return new FileFailure("list the journals in " + directory, e);
  }

  private static void ifOrphan(Path file, Task task) throws IOException {
    if (!Journal.claim(file)) {
      return;
    }
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      if (isOrphan(channel) && Files.exists(file)) {
        task.with(file, channel);
      }
    } finally {
      Journal.release(file);
    }
  }

  /** The lock is kept until the channel is closed, so that two recoveries do not meet. */
  private static boolean isOrphan(FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  private void recoverOrphan(Path file, FileChannel channel) throws IOException {
    String text = text(channel);
    JournalFormat.Content content;
    try {
      content = JournalFormat.read(text);
    } catch (IllegalArgumentException e) {
      Path aside = file.resolveSibling(file.getFileName() + ".rejected");
      Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
      report.accept("journal " + aside + " is not one of ours, nothing undone: " + e.getMessage());
      return;
    }
    if (!content.key().bootId().equals(key.bootId())) {
      report.accept("discarding the journal of " + content.owner() + ": it is from another boot");
      Files.delete(file);
    } else if (content.key().namespace() == key.namespace()) {
      if (isUndone(content, file, new JournalTail(channel, JournalTail.after(text)))) {
        Files.delete(file);
      } else {
        report.accept("the next run tries the rest again; if it must not, remove " + file);
      }
    }
  }

  /** When it is not, or that cannot be told, its devices are left to the next run. */
  private boolean isUndone(JournalFormat.Content content, Path file, JournalTail tail) {
    boolean whole = false;
    try {
      whole = isDone(content) || undo(content, tail);
      return whole;
    } finally {
      if (!whole) {
        content.devices().forEach(device -> left.put(device, file));
      }
    }
  }

  private boolean isDone(JournalFormat.Content content) {
    boolean done = content.proof().filter(isSeen).isPresent();
    if (done) {
      report.accept(content.owner() + " was killed when all was done and said");
    }
    return done;
  }

  /** By the channel that has the lock: closing another descriptor of the file would drop it. */
  private static String text(FileChannel channel) throws IOException {
    ByteBuffer octets = ByteBuffer.allocate(Math.toIntExact(channel.size()));
    while (octets.hasRemaining() && channel.read(octets) >= 0) {
      // A read may give less than it was asked for.
    }
    return new String(octets.array(), 0, octets.position(), StandardCharsets.US_ASCII);
  }

  /** Returns whether all is undone; if not, the journal says what is. */
  private boolean undo(JournalFormat.Content content, JournalTail tail) {
    report.accept(content.owner() + " was killed half-way; undoing what it had done");
    Undoing undoing =
        new Undoing(
            kernel, done -> report.accept("undone: " + done.command()), step -> note(tail, step));
    for (JournalFormat.Entry entry : content.entries().reversed()) {
      long passed = Math.max(0, System.currentTimeMillis() / 1000 - entry.time());
      undoing.undo(
          entry.number(), entry.undo().stream().map(operation -> operation.aged(passed)).toList());
    }
    List<String> troubles = undoing.finish();
    troubles.forEach(trouble -> report.accept("not undone: " + trouble));
    return troubles.isEmpty();
  }

  /** A full disk must not keep the rest from being undone. */
  private void note(JournalTail tail, int step) {
    try {
      tail.add(JournalFormat.undone(step));
    } catch (IOException e) {
      report.accept("the journal does not say that step " + step + " is undone: " + e);
    }
  }
}
