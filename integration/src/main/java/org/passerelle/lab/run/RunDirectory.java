package org.passerelle.lab.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.passerelle.link.os.Errno;
import org.passerelle.link.os.HostUser;
import org.passerelle.link.os.ScriptLock;
import org.passerelle.link.rtnl.KernelException;
import org.passerelle.natroute.dhcp.DhcpKernel;

/**
 * The directory of one running lab: its store's socket, its journals, and a lock that ends with the
 * process. A directory that nobody holds was left by a process that was killed, and is removed by
 * whoever finds it.
 */
public final class RunDirectory implements AutoCloseable {
  private static final String LOCK = "lock";
  private static final FileAttribute<Set<PosixFilePermission>> PRIVATE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  /** How long a name may be held by somebody who only looks. */
  private static final Duration PATIENCE = Duration.ofMillis(500);

  private static final Duration PAUSE = Duration.ofMillis(10);

  private final Path path;
  private final ScriptLock lock;

  private RunDirectory(Path path, ScriptLock lock) {
    this.path = path;
    this.lock = lock;
  }

  /** Where the labs of this user have their directories. */
  public static Path base() {
    Optional<Path> runtime = Optional.ofNullable(System.getenv("XDG_RUNTIME_DIR")).map(Path::of);
    return base(HostUser.current(), runtime.filter(RunDirectory::isOurs));
  }

  static Path base(HostUser user, Optional<Path> xdgRuntime) {
    if (user.root()) {
      return Path.of("/run/passerelle/lab");
    }
    return xdgRuntime
        .map(runtime -> runtime.resolve("passerelle/lab"))
        .orElse(Path.of("/tmp/passerelle-" + user.id()));
  }

  /** After `su` the variable may be another user's still. */
  private static boolean isOurs(Path directory) {
    try {
      return HostUser.owns(directory);
    } catch (IOException e) {
      return false; // there is none
    }
  }

  /**
   * Takes the directory of a lab, after removing what a killed one left in it.
   *
   * @throws LabException when a lab of that name runs, or the directory cannot be had
   */
  public static RunDirectory acquire(Path base, String lab) throws LabException {
    Path path = base.resolve(lab);
    try {
      Files.createDirectories(base, PRIVATE);
      if (!HostUser.owns(base)) {
        throw new LabException(base + " is another user's: remove it, or set XDG_RUNTIME_DIR");
      }
      if (isForeign(path)) {
        throw new LabException(path + " is not a lab's: give the lab another name in `lab:`");
      }
      Optional<RunDirectory> taken = tryToAcquire(path);
      if (taken.isEmpty()) {
        throw new LabException(
            "a lab named "
                + lab
                + " is running already ("
                + path
                + "): wait for its end, or give this one another name in `lab:`");
      }
      taken.get().clear();
      return taken.get();
    } catch (IOException e) {
      throw new LabException("make the run directory " + path + ": " + e, e);
    }
  }

  /** Removes what killed labs have left. Returns the names of those that it removed. */
  public static List<String> collect(Path base) throws IOException {
    List<String> removed = new ArrayList<>();
    for (Path path : children(base)) {
      Optional<RunDirectory> left = isLab(path) ? tryTake(path, false) : Optional.empty();
      if (left.isPresent()) {
        left.get().close();
        removed.add(path.getFileName().toString());
      }
    }
    return removed;
  }

  /** The names of the labs that run. */
  public static List<String> running(Path base) throws IOException {
    List<String> names = new ArrayList<>();
    for (Path path : children(base)) {
      if (isLab(path)) {
        names.add(path.getFileName().toString());
      }
    }
    return names;
  }

  /** The scripts of a real host keep their journals beside the labs. */
  private static boolean isLab(Path path) {
    return Files.exists(path.resolve(LOCK));
  }

  /** Something is there that no lab has made; an empty directory may be a lab's first moment. */
  private static boolean isForeign(Path path) throws IOException {
    List<Path> inside = children(path);
    return !inside.isEmpty() && !inside.contains(path.resolve(LOCK));
  }

  private static List<Path> children(Path base) throws IOException {
    if (!Files.isDirectory(base)) {
      return List.of();
    }
    try (Stream<Path> paths = Files.list(base)) {
      return paths.sorted().toList();
    } catch (NoSuchFileException e) {
      return List.of(); // gone just now
    }
  }

  /** As {@link #tryTake}, but whoever looks for what killed labs left has it for a moment only. */
  private static Optional<RunDirectory> tryToAcquire(Path path) throws IOException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    Optional<RunDirectory> taken = tryTake(path, true);
    while (taken.isEmpty() && System.nanoTime() - end < 0) {
      LockSupport.parkNanos(PAUSE.toNanos());
      taken = tryTake(path, true);
    }
    return taken;
  }

  /** Empty when somebody holds it, or when it is gone and not to be made. */
  private static Optional<RunDirectory> tryTake(Path path, boolean make) throws IOException {
    while (true) {
      if (make) {
        makeDirectory(path);
      }
      try {
        return ScriptLock.tryTake(path.resolve(LOCK)).map(lock -> new RunDirectory(path, lock));
      } catch (KernelException e) {
        if (e.errno() != Errno.ENOENT) {
          throw new IOException(e.getMessage(), e);
        }
        if (!make) {
          return Optional.empty();
        }
        // Its last holder has just removed it.
      }
    }
  }

  /** Its last holder may remove it at any moment, before the lock is ours. */
  private static void makeDirectory(Path path) throws IOException {
    try {
      Files.createDirectory(path, PRIVATE);
    } catch (FileAlreadyExistsException e) {
      if (isOtherThanDirectory(path)) {
        throw e;
      }
    }
  }

  private static boolean isOtherThanDirectory(Path path) throws IOException {
    try {
      return !Files.readAttributes(path, BasicFileAttributes.class).isDirectory();
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  public Path path() {
    return path;
  }

  /**
   * Removes all but the lock. When it cannot, the lock's file stays as well, which marks what is
   * left as a lab's, to be removed by whoever comes next; it is not held any more.
   */
  private void clear() throws IOException {
    try {
      removeAllButLock();
    } catch (UncheckedIOException e) {
      lock.leave();
      throw e.getCause();
    } catch (IOException | RuntimeException e) {
      lock.leave();
      throw e;
    }
  }

  private void removeAllButLock() throws IOException {
    DhcpKernel.end(path);
    try (Stream<Path> tree = Files.walk(path)) {
      List<Path> inside =
          tree.filter(each -> !each.equals(path) && !each.equals(path.resolve(LOCK)))
              .sorted(Comparator.reverseOrder())
              .toList();
      for (Path each : inside) {
        Files.deleteIfExists(each);
      }
    }
  }

  /** Removes the directory and lets go of the name, which somebody else may take at once. */
  @Override
  public void close() throws IOException {
    try {
      clear();
      lock.close();
    } catch (NoSuchFileException e) {
      throw new IOException("somebody else removed " + path, e);
    }
    try {
      Files.deleteIfExists(path);
    } catch (DirectoryNotEmptyException e) {
      // It is another's by now.
    }
  }
}
