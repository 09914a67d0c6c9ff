package org.passerelle.link.os;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.passerelle.link.rtnl.KernelException;

/**
 * A lock that Xen's shell scripts take too (tools/hotplug/Linux/locking.sh): flock(2) on a file,
 * which its holder unlinks. Java's FileLock is fcntl(2)'s, and the two do not exclude each other.
 * It dies with the process.
 */
public final class ScriptLock implements AutoCloseable {
  private static final int MODE = 0600;

  private final Path file;
  private final AtomicInteger descriptor;

  private ScriptLock(Path file, int descriptor) {
    this.file = file;
    this.descriptor = new AtomicInteger(descriptor);
  }

  /** Waits for the lock. The file's directory is there. */
  public static ScriptLock take(Path file) {
    return take(file, Libc.LOCK_EX).orElseThrow();
  }

  /** Takes the lock; empty when somebody has it, in this process or in another one. */
  public static Optional<ScriptLock> tryTake(Path file) {
    return take(file, Libc.LOCK_EX | Libc.LOCK_NB);
  }

  private static Optional<ScriptLock> take(Path file, int how) {
    String operation = "lock " + file;
    while (true) {
      int descriptor = Libc.open(file.toString(), Libc.O_RDWR, MODE, operation);
      boolean taken = flock(descriptor, how, operation);
      if (taken && isStill(file, descriptor)) {
        return Optional.of(new ScriptLock(file, descriptor));
      }
      Libc.close(descriptor);
      if (!taken) {
        return Optional.empty();
      }
    }
  }

  private static boolean flock(int descriptor, int how, String operation) {
    try {
      return Libc.flock(descriptor, how, operation);
    } catch (KernelException e) {
      Libc.close(descriptor);
      throw e;
    }
  }

  /** False when the holder before us unlinked the file that we waited for. */
  private static boolean isStill(Path file, int descriptor) {
    try {
      return Files.exists(file) && Files.isSameFile(file, Path.of("/proc/self/fd/" + descriptor));
    } catch (IOException e) {
      // Unlinked between the two looks.
      return false;
    }
  }

  /** Lets go of the lock and leaves its file, for whoever takes it next. */
  public void leave() {
    int last = descriptor.getAndSet(-1);
    if (last >= 0) {
      Libc.close(last);
    }
  }

  /** Lets go of the lock and unlinks its file, if that can be. */
  @Override
  public void close() {
    int last = descriptor.getAndSet(-1);
    if (last < 0) {
      return;
    }
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      // The lock is not its file: whoever comes next locks the one that stays.
    } finally {
      Libc.close(last);
    }
  }
}
