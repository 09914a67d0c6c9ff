package org.passerelle.link.plan;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.passerelle.link.list.Words;

/**
 * What a running plan would have to undo, in a file before each step, so that whoever comes next
 * can undo what a killed process left ({@link Recovery}). Plain lines; {@link JournalFormat} has
 * them. The file outlives the process, not the kernel, whose end leaves nothing to undo: nobody
 * waits for a disk.
 *
 * <p>The file is there from the first step until the plan is done or undone. Its owner holds a lock
 * on it, which dies with the process: a journal without the lock is an orphan.
 */
public final class Journal implements AutoCloseable {
  static final String SUFFIX = ".journal";

  /** Of one that is not to be recovered from yet: no step was taken. */
  static final String UNFINISHED = ".new";

  private static final Path SELF = Path.of("/proc/self");

  /**
   * The journals that this process is writing or recovering from. Nobody in it may open one for
   * another purpose: closing any descriptor of a file drops all of the process's fcntl(2) locks on
   * it.
   */
  private static final Set<Path> OPEN = ConcurrentHashMap.newKeySet();

  private final Path directory;
  private final Key key;
  private final String owner;
  private Path file;
  private FileChannel channel;
  private JournalTail tail;

  /**
   * Where a journal holds: indices and state mean nothing after a reboot, or in another namespace.
   *
   * @param bootId /proc/sys/kernel/random/boot_id
   * @param namespace the network namespace's cookie, SO_NETNS_COOKIE, which is never used again
   *     until the next boot
   */
  public record Key(String bootId, long namespace) {}

  /**
   * @param directory made when it is not there
   * @param owner whose plan it is, for people: {@code network-bridge start xenbr0}
   */
  public Journal(Path directory, Key key, String owner) {
    this.directory = directory;
    this.key = key;
    this.owner = owner;
  }

  /** False when this process is at that journal already; else the caller releases it. */
  static boolean claim(Path file) {
    return OPEN.add(file.toAbsolutePath());
  }

  static void release(Path file) {
    OPEN.remove(file.toAbsolutePath());
  }

  /** Puts a step's undo into the file, which has it on return. */
  void before(int step, List<Operation> undo) {
    if (channel == null) {
      open();
    }
    write(JournalFormat.step(step, System.currentTimeMillis() / 1000, undo));
  }

  /** All steps are taken; when {@code proof} is seen, the plan is done ({@link Announcement}). */
  void announcing(String proof) {
    if (channel != null) {
      write(JournalFormat.announcing(proof));
    }
  }

  /** Notes that a step has been undone. */
  void undone(int step) {
    if (channel != null) {
      write(JournalFormat.undone(step));
    }
  }

  /** All is done, or all is undone: nothing is left to be recovered. */
  void finish() {
    try {
      if (channel != null) {
        Files.deleteIfExists(file);
        close();
      }
    } catch (IOException e) {
      throw new FileFailure("remove the journal " + file, e);
    }
  }

  /** Under its own name only when it is locked and has its head, so that no one takes it up. */
  private void open() {
    String name = Words.fileName(owner) + "-" + pid() + "-" + Long.toHexString(System.nanoTime());
    Path unfinished = directory.resolve(name + UNFINISHED);
    file = directory.resolve(name + SUFFIX).toAbsolutePath();
    OPEN.add(file);
    claim(unfinished);
    try {
      if (!Files.isDirectory(directory)) {
        Files.createDirectories(directory);
      }
      lock(unfinished);
      write(JournalFormat.head(key, owner));
      Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new FileFailure("make the journal " + file, e);
    } finally {
      release(unfinished);
    }
  }

  /** This process's number; ProcessHandle would make a pool of threads first, which takes 1 ms. */
  private static String pid() {
    try {
      return Files.readSymbolicLink(SELF).toString();
    } catch (IOException e) {
      throw new FileFailure("read " + SELF, e);
    }
  }

  /** Makes the file, again if a recovery took it for a dead process's before it was locked. */
  private void lock(Path unfinished) throws IOException {
    openLocked(unfinished);
    while (!Files.exists(unfinished)) {
      channel.close();
      openLocked(unfinished);
    }
  }

  private void openLocked(Path unfinished) throws IOException {
    channel = FileChannel.open(unfinished, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    channel.lock();
    tail = new JournalTail(channel, 0);
  }

  private void write(String lines) {
    try {
      tail.add(lines);
    } catch (IOException e) {
      throw new FileFailure("write the journal " + file, e);
    }
  }

  /** Leaves the file, if there still is one, to recovery. */
  @Override
  public void close() {
    try {
      if (channel != null) {
        channel.close();
        channel = null;
      }
      if (file != null) {
        OPEN.remove(file);
      }
    } catch (IOException e) {
      throw new FileFailure("close the journal " + file, e);
    }
  }
}
