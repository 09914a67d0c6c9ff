package org.passerelle.hypervisor.embedded;

import static org.passerelle.hypervisor.memory.DomainMemory.PAGE_SIZE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.passerelle.hypervisor.HypervisorException;
import org.passerelle.hypervisor.domain.DomainId;

/**
 * A domain's memory: an anonymous file that other processes can find by its name and map, of a size
 * that nobody can change, and a mapping of the whole of it.
 */
@SuppressWarnings("restricted")
final class MemoryFile implements AutoCloseable {
  private static final int MFD_CLOEXEC = 1;
  private static final int MFD_ALLOW_SEALING = 2;

  /** Since Linux 6.3; hosts with vm.memfd_noexec=2 insist on it. */
  private static final int MFD_NOEXEC_SEAL = 8;

  private static final int F_ADD_SEALS = 1033;
  private static final int F_SEAL_SEAL = 1;
  private static final int F_SEAL_SHRINK = 2;
  private static final int F_SEAL_GROW = 4;

  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(2);

  private final DomainId domain;
  private final int descriptor;
  private final Arena arena;
  private final MemorySegment whole;

  private MemoryFile(DomainId domain, int descriptor, long bytes) {
    this.domain = domain;
    this.descriptor = descriptor;
    this.arena = Arena.ofShared();
    this.whole = map(0, bytes, Posix.PROT_READ | Posix.PROT_WRITE, arena);
  }

  /** Makes the file, filled with zeros, seals its size and maps it. */
  static MemoryFile create(DomainId domain, long bytes) {
    int descriptor = open(domain);
    try {
      Errno.check(
          Posix.ftruncate(descriptor, bytes),
          "ftruncate for " + domain + " to " + bytes + " bytes");
      Errno.check(
          Posix.fcntl(descriptor, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL),
          "fcntl(F_ADD_SEALS) for " + domain);
      return new MemoryFile(domain, descriptor, bytes);
    } catch (RuntimeException e) {
      Posix.close(descriptor);
      throw e;
    }
  }

  private static int open(DomainId domain) {
    String name = "passerelle-" + domain;
    int flags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
    int descriptor = Posix.memfdCreate(name, flags | MFD_NOEXEC_SEAL);
    if (descriptor == -Errno.EINVAL.number()) {
      descriptor = Posix.memfdCreate(name, flags);
    }
    return Errno.check(descriptor, "memfd_create for " + domain);
  }

  /**
   * Maps the whole of a domain's file that another process has made, and takes the descriptor over,
   * also when this throws.
   */
  static MemoryFile of(DomainId domain, int descriptor, long bytes) {
    try {
      return new MemoryFile(domain, descriptor, bytes);
    } catch (RuntimeException e) {
      Posix.close(descriptor);
      throw e;
    }
  }

  int descriptor() {
    return descriptor;
  }

  /** All of it, readable and writable by every thread, until closed. */
  MemorySegment whole() {
    return whole;
  }

  /** A mapping of one frame, of its own: it lasts as long as {@code arena}, closed or not. */
  MemorySegment mapFrame(int frame, boolean writable, Arena arena) {
    int protection = writable ? Posix.PROT_READ | Posix.PROT_WRITE : Posix.PROT_READ;
    MemorySegment page = map(MemoryMap.at(frame), PAGE_SIZE, protection, arena);
    return writable ? page : page.asReadOnly();
  }

  private MemorySegment map(long offset, long bytes, int protection, Arena arena) {
    long address =
        Errno.check(
            Posix.mmap(bytes, protection, descriptor, offset),
            "mmap of " + bytes + " bytes of " + domain);
    return MemorySegment.ofAddress(address)
        .reinterpret(bytes, arena, mapped -> Posix.munmap(mapped.address(), bytes));
  }

  /**
   * Unmaps and closes. A native call that was given a part of this memory delays it: the arena
   * refuses to go while such a call runs.
   */
  @Override
  public void close() {
    Posix.close(descriptor);
    long deadline = System.nanoTime() + PATIENCE;
    while (!unmapped()) {
      if (System.nanoTime() - deadline > 0) {
        throw new HypervisorException(
            "munmap for " + domain + ": a native call still uses its memory; stop its threads", 0);
      }
      LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(100));
    }
  }

  private boolean unmapped() {
    try {
      arena.close();
      return true;
    } catch (IllegalStateException e) {
      return !whole.scope().isAlive();
    }
  }
}
