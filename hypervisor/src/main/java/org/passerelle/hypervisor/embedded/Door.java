package org.passerelle.hypervisor.embedded;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import org.passerelle.hypervisor.HypervisorException;

/**
 * Where a domain's process asks for what only the hypervisor can do, at a Unix socket; the
 * package's documentation has the protocol. One thread serves it and nothing else: a guest that
 * does not read, or asks without end, holds up itself.
 */
final class Door implements AutoCloseable {
  private static final Logger LOG = System.getLogger(Door.class.getName());

  /** Who calls and says nothing keeps the guest out no longer than this. */
  private static final int HELLO_MILLIS = 10_000;

  /** Some dozens of replies, by the kernel's count of what a packet takes. */
  private static final int UNREAD_OCTETS = 16 * 1024;

  /** Without descriptors left there is nobody to let in: another look after this. */
  private static final long RETRY_NANOS = 100_000_000;

  private final EmbeddedDomain domain;
  private final Path path;
  private final IntSupplier store;
  private final Consumer<String> whenLeft;
  private final UnixSocket listener;
  private final Thread thread;
  private Optional<UnixSocket> caller = Optional.empty();
  private DoorState state = DoorState.OPEN;
  private boolean closed;

  private Door(
      EmbeddedDomain domain,
      Path path,
      IntSupplier store,
      Consumer<String> whenLeft,
      UnixSocket listener) {
    this.domain = domain;
    this.path = path;
    this.store = store;
    this.whenLeft = whenLeft;
    this.listener = listener;
    this.thread =
        Thread.ofPlatform().daemon().name("passerelle-door-" + domain.id()).unstarted(this::serve);
  }

  /**
   * Opens a domain's door. Whatever socket is at the path is replaced: the directory is this
   * hypervisor's.
   *
   * @param store makes a connection to the store with the domain's rights
   * @param whenLeft told once, with the reason, on the door's thread, that the guest which was
   *     inside is gone; not when the door is closed before
   */
  static Door open(EmbeddedDomain domain, Path path, IntSupplier store, Consumer<String> whenLeft) {
    UnixSocket listener = listen(path);
    Door door = new Door(domain, path, store, whenLeft, listener);
    door.thread.start();
    return door;
  }

  /** Nobody can connect before the socket has its mode: it listens last. */
  private static UnixSocket listen(Path path) {
    try {
      Files.createDirectories(path.getParent());
      Files.deleteIfExists(path);
      UnixSocket made = UnixSocket.bound(path, UnixSocket.SEQPACKET);
      try {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
        made.listen(path.toString());
        return made;
      } catch (IOException | RuntimeException e) {
        made.close();
        throw e;
      }
    } catch (IOException e) {
      throw new HypervisorException("open a door at " + path + ": " + e, e);
    }
  }

  /** The door's thread. */
  private void serve() {
    try (Arena arena = Arena.ofConfined()) {
      // One octet more than a message has: a longer packet is told from one.
      MemorySegment packet = arena.allocate(DoorMessage.SIZE + 1);
      while (state() == DoorState.OPEN) {
        accept().ifPresent(met -> meet(met, packet));
      }
    }
  }

  private Optional<UnixSocket> accept() {
    try {
      Optional<UnixSocket> met = listener.accept();
      if (!admit(met)) {
        met.ifPresent(UnixSocket::close);
        return Optional.empty();
      }
      return met;
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "{0}: nobody is let in: {1}", path, e.getMessage());
      LockSupport.parkNanos(RETRY_NANOS);
      return Optional.empty();
    }
  }

  private synchronized boolean admit(Optional<UnixSocket> met) {
    boolean admitted = met.isPresent() && !closed;
    caller = admitted ? met : Optional.empty();
    move(admitted ? DoorState.CALLED : DoorState.LEFT);
    return admitted;
  }

  private void meet(UnixSocket met, MemorySegment packet) {
    DoorRequests requests = new DoorRequests(domain, store);
    String reason = attend(met, requests, packet);
    met.close();
    part(requests.isInside(), reason);
  }

  /** Whatever is thrown ends this visit, and neither the thread nor the door. */
  private String attend(UnixSocket met, DoorRequests requests, MemorySegment packet) {
    try {
      met.sendBuffer(UNREAD_OCTETS);
      return met.awaitReadable(HELLO_MILLIS) ? converse(met, requests, packet) : "it said nothing";
    } catch (Throwable e) {
      LOG.log(Level.ERROR, path + ": serving a caller failed", e);
      return "its door has failed: " + e;
    }
  }

  /** Serves the caller until it has gone; returns why. */
  private String converse(UnixSocket met, DoorRequests requests, MemorySegment packet) {
    while (true) {
      int octets = met.receive(packet, 0).octets();
      if (octets != DoorMessage.SIZE) {
        return octets <= 0 ? "its process has ended" : "it sent a packet of " + octets + " octets";
      }
      DoorRequests.Answer answer = requests.answer(DoorMessage.parse(packet));
      if (requests.isInside() && state() == DoorState.CALLED) {
        move(DoorState.INSIDE);
        listener.close();
      }
      if (!send(met, answer, packet)) {
        return "it left its replies unread";
      }
      if (answer.last()) {
        return "it did not say hello in version " + DoorMessage.VERSION;
      }
    }
  }

  private static boolean send(UnixSocket to, DoorRequests.Answer answer, MemorySegment packet) {
    MemorySegment octets = packet.asSlice(0, DoorMessage.SIZE);
    answer.message().emit(octets);
    List<Integer> descriptors = new ArrayList<>(answer.lent());
    if (answer.given() >= 0) {
      descriptors.add(answer.given());
    }
    try {
      return to.send(octets, descriptors, UnixSocket.DONTWAIT) == DoorMessage.SIZE;
    } finally {
      if (answer.given() >= 0) {
        Posix.close(answer.given());
      }
    }
  }

  /** The caller has gone. One that was never inside leaves the door as it was. */
  private void part(boolean wasInside, String reason) {
    boolean tell;
    synchronized (this) {
      caller = Optional.empty();
      tell = wasInside && !closed;
      move(wasInside || closed ? DoorState.LEFT : DoorState.OPEN);
    }
    if (tell) {
      try {
        domain.events().closeAll();
      } finally {
        whenLeft.accept(reason);
      }
    } else if (!wasInside) {
      LOG.log(Level.INFO, "{0}: a caller was not let in: {1}", path, reason);
    }
  }

  private synchronized DoorState state() {
    return state;
  }

  private synchronized void move(DoorState next) {
    LOG.log(Level.DEBUG, "{0}: {1} -> {2}", path, state, next);
    state = next;
  }

  /** Shows the guest out and closes the door, and waits for its thread. */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      caller.ifPresent(UnixSocket::hangUp);
    }
    listener.close();
    join();
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      throw new HypervisorException("remove the door " + path + ": " + e, e);
    }
  }

  private void join() {
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
