package org.passerelle.link.os;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Arrays;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Waits for many descriptors at once (epoll(7)) and calls the handlers of those that are ready.
 * Owned by one thread; others may {@link #post} and {@link #wakeUp}.
 */
public final class Poller implements AutoCloseable {
  /** There is something to read. */
  public static final int READABLE = 0x001;

  /** There is room to write. */
  public static final int WRITABLE = 0x004;

  /** Told without being asked for. */
  public static final int ERROR = 0x008;

  /** Told without being asked for. */
  public static final int HANG_UP = 0x010;

  /**
   * Tell of each change once, not for as long as it lasts: the handler must go on until there is
   * nothing left.
   */
  public static final int EDGE = 1 << 31;

  /** Called with what happened, by {@link #poll}. */
  @FunctionalInterface
  public interface Handler {
    /**
     * The descriptor is ready.
     *
     * @param events any of {@link #READABLE}, {@link #WRITABLE}, {@link #ERROR}, {@link #HANG_UP}
     */
    void ready(int events);
  }

  private static final int EPOLL_CLOEXEC = 0x8_0000;
  private static final int EPOLL_CTL_ADD = 1;
  private static final int EPOLL_CTL_DEL = 2;
  private static final int EPOLL_CTL_MOD = 3;

  /** struct epoll_event, packed on x86-64 only: events at 0, our token behind. */
  private static final boolean PACKED = System.getProperty("os.arch").equals("amd64");

  private static final int TOKEN = PACKED ? 4 : 8;
  private static final int EVENT = TOKEN + 8;
  private static final int BATCH = 64;

  // int epoll_create1(int flags);
  private static final MethodHandle EPOLL_CREATE =
      NativeIo.function("epoll_create1", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
  // int epoll_ctl(int epfd, int op, int fd, struct epoll_event *event);
  private static final MethodHandle EPOLL_CTL =
      NativeIo.function(
          "epoll_ctl", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS));
  // int epoll_wait(int epfd, struct epoll_event *events, int maxevents, int timeout);
  private static final MethodHandle EPOLL_WAIT =
      NativeIo.function(
          "epoll_wait", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT));

  private final MemorySegment events = Arena.ofAuto().allocate((long) BATCH * EVENT, 8);
  private final MemorySegment change = Arena.ofAuto().allocate(EVENT, 8);
  private final int epoll = create();
  private final EventFd wake = new EventFd();
  private final AtomicBoolean waking = new AtomicBoolean();
  private final ConcurrentLinkedQueue<Runnable> posted = new ConcurrentLinkedQueue<>();

  /** By descriptor. */
  private Registration[] registrations = new Registration[64];

  private int generation;

  /** The generation tells an event of a descriptor that was since closed, and its number reused. */
  private record Registration(int generation, Handler handler) {}

  /** Throws KernelException when there are no more descriptors. */
  public Poller() {
    add(wake.descriptor(), READABLE, ready -> awake());
  }

  private static int create() {
    MemorySegment state = NativeIo.state();
    long fd;
    try {
      fd = NativeIo.result((int) EPOLL_CREATE.invokeExact(state, EPOLL_CLOEXEC), state);
    } catch (Throwable e) {
      throw NativeIo.unexpected(e);
    }
    if (fd < 0) {
      throw NativeIo.failure("make an epoll descriptor", (int) -fd, Remedies.DESCRIPTORS);
    }
    return (int) fd;
  }

  /**
   * Starts to watch a descriptor.
   *
   * @param watched {@link #READABLE}, {@link #WRITABLE}, with or without {@link #EDGE}
   */
  public void add(int fd, int watched, Handler handler) {
    Registration registration = new Registration(++generation, handler);
    control(EPOLL_CTL_ADD, "watch", fd, watched, registration.generation());
    if (fd >= registrations.length) {
      registrations = Arrays.copyOf(registrations, Math.max(fd + 1, 2 * registrations.length));
    }
    registrations[fd] = registration;
  }

  /** Watches a descriptor for something else from now on. */
  public void change(int fd, int watched) {
    control(EPOLL_CTL_MOD, "change the watch on", fd, watched, registrations[fd].generation());
  }

  /** Ends the watch. To be called before the descriptor is closed. */
  public void remove(int fd) {
    registrations[fd] = null;
    control(EPOLL_CTL_DEL, "end the watch on", fd, 0, 0);
  }

  private void control(int operation, String what, int fd, int watched, int token) {
    change.set(JAVA_INT, 0, watched);
    change.set(JAVA_LONG_UNALIGNED, TOKEN, (long) token << 32 | fd);
    MemorySegment state = NativeIo.state();
    long result;
    try {
      int returned = (int) EPOLL_CTL.invokeExact(state, epoll, operation, fd, change);
      result = NativeIo.result(returned, state);
    } catch (Throwable e) {
      throw NativeIo.unexpected(e);
    }
    if (result < 0) {
      throw NativeIo.failure(what + " descriptor " + fd, (int) -result, "");
    }
  }

  /**
   * Waits until a descriptor is ready, somebody wakes us, or the time is over; calls handlers, then
   * runs what was posted. What a handler throws is thrown on after all of them had their turn.
   *
   * @param timeoutMillis 0 returns at once, -1 waits without end
   * @return how many descriptors were ready
   */
  public int poll(int timeoutMillis) {
    int ready = (int) await(timeoutMillis);
    if (ready < 0 && ready != -Errno.EINTR) {
      throw NativeIo.failure("wait for descriptors", -ready, "");
    }
    Throwable thrown = null;
    for (int i = 0; i < ready; i++) {
      thrown = dispatch((long) i * EVENT, thrown);
    }
    for (Runnable task = posted.poll(); task != null; task = posted.poll()) {
      thrown = run(task, thrown);
    }
    switch (thrown) {
      case null -> {
        return Math.max(ready, 0);
      }
      case Error error -> throw error;
      default -> throw (RuntimeException) thrown;
    }
  }

  private Throwable dispatch(long at, Throwable before) {
    long token = events.get(JAVA_LONG_UNALIGNED, at + TOKEN);
    Registration registration = registrations[(int) token];
    if (registration == null || registration.generation() != (int) (token >>> 32)) {
      return before; // an earlier handler of this batch has removed it
    }
    try {
      registration.handler().ready(events.get(JAVA_INT_UNALIGNED, at));
      return before;
    } catch (RuntimeException | Error e) {
      return both(before, e);
    }
  }

  private static Throwable run(Runnable task, Throwable before) {
    try {
      task.run();
      return before;
    } catch (RuntimeException | Error e) {
      return both(before, e);
    }
  }

  private static Throwable both(Throwable before, Throwable now) {
    if (before == null || before == now) {
      return now;
    }
    before.addSuppressed(now);
    return before;
  }

  private long await(int timeoutMillis) {
    MemorySegment state = NativeIo.state();
    try {
      int returned = (int) EPOLL_WAIT.invokeExact(state, epoll, events, BATCH, timeoutMillis);
      return NativeIo.result(returned, state);
    } catch (Throwable e) {
      throw NativeIo.unexpected(e);
    }
  }

  /** Wakes {@link #poll}, the running call or the next one. From any thread. */
  public void wakeUp() {
    if (!waking.getAndSet(true)) {
      wake.signal();
    }
  }

  /** Has a task run by the thread that polls, soon. From any thread. */
  public void post(Runnable task) {
    posted.add(task);
    wakeUp();
  }

  /** Before the queue is looked at: whoever posts after that has to signal again. */
  private void awake() {
    wake.clear();
    waking.set(false);
  }

  @Override
  public void close() {
    NativeIo.close(epoll);
    wake.close();
  }
}
