package org.passerelle.link.os;

import java.util.concurrent.Callable;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import org.passerelle.link.rtnl.KernelException;
import org.passerelle.link.rtnl.LinkChange;

/**
 * A network namespace, held by an open descriptor: it lives at least until {@link #close}.
 *
 * <p>Linux has namespaces per thread, and a thread gives its own to the threads and processes that
 * it starts. So work for a namespace runs on platform threads that entered it first and never
 * leave; sockets and processes opened there belong to it, and keep it alive. So does every thread
 * started there: beware of pools that grow on demand (the JDK's own process reaper is one and ends
 * after a minute).
 */
public final class Namespace implements AutoCloseable {
  private static final String OWN = "/proc/thread-self/ns/net";

  private final AtomicInteger descriptor;
  private final boolean owned;

  private Namespace(int descriptor, boolean owned) {
    this.descriptor = new AtomicInteger(descriptor);
    this.owned = owned;
  }

  /** Makes a new namespace, with nothing in it but a loopback device that is down. */
  public static Namespace create() {
    return FreshThread.call(
        "namespace-maker",
        () -> {
          Libc.unshare(Libc.CLONE_NEWNET, "make a network namespace");
          return current();
        });
  }

  /** The calling thread's namespace. */
  public static Namespace current() {
    return at(OWN);
  }

  /** The namespace of a process. */
  public static Namespace ofPid(long pid) {
    return at("/proc/" + pid + "/ns/net");
  }

  /** The namespace that a file stands for, such as {@code /run/netns/blue}. */
  public static Namespace at(String path) {
    return new Namespace(
        Libc.open(path, Libc.O_RDONLY, "open the network namespace " + path), true);
  }

  /** The namespace of a descriptor that somebody else owns and closes. */
  public static Namespace of(int descriptor) {
    return new Namespace(descriptor, false);
  }

  /** An open descriptor of it (-1 once closed), for {@link LinkChange.Builder#namespace}. */
  public int descriptor() {
    return descriptor.get();
  }

  /**
   * A number that no other namespace had or gets before the next boot (SO_NETNS_COOKIE; inode
   * numbers are used again at once).
   */
  public long cookie() {
    return call(Namespace::currentCookie);
  }

  /** The {@link #cookie} of the calling thread's namespace, without another thread. */
  public static long currentCookie() {
    int socket = Libc.socket(Libc.AF_INET, Libc.SOCK_DGRAM, 0, "open a socket");
    byte[] cookie = new byte[8];
    int result = Libc.getsockopt(socket, Libc.SOL_SOCKET, Libc.SO_NETNS_COOKIE, cookie);
    KernelException failure = Libc.failure("read SO_NETNS_COOKIE (Linux 5.14 or newer)");
    Libc.close(socket);
    if (result < 0) {
      throw failure;
    }
    return Sockets.buffer(8).put(cookie).getLong(0);
  }

  /**
   * Runs a task in the calling thread, wherever that is.
   *
   * @throws RuntimeException as {@link #call}
   */
  static <T> T here(Callable<T> task) {
    try {
      return task.call();
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Runs a task on a fresh thread in this namespace and waits for it.
   *
   * @throws RuntimeException what the task threw; a checked exception is wrapped
   */
  public <T> T call(Callable<T> task) {
    return FreshThread.call(
        "namespace-call",
        () -> {
          enter();
          return task.call();
        });
  }

  /** Runs a task on a fresh thread in this namespace and waits for it. */
  public void run(Runnable task) {
    call(
        () -> {
          task.run();
          return null;
        });
  }

  /** Makes daemon threads that are in this namespace from birth to death. */
  public ThreadFactory threads(String prefix) {
    AtomicInteger count = new AtomicInteger();
    return task ->
        Thread.ofPlatform()
            .daemon()
            .name(prefix + "-" + count.getAndIncrement())
            .unstarted(
                () -> {
                  enter();
                  task.run();
                });
  }

  /** Opens this namespace's configuration. */
  public NetlinkKernel kernel() {
    return call(NetlinkKernel::open);
  }

  /** Sets the loopback device up. */
  public void loopbackUp() {
    try (NetlinkKernel kernel = kernel()) {
      kernel.change("lo", LinkChange.builder().up(true).build());
    }
  }

  /** Lets go of it. The kernel removes it when no thread, process or socket is in it any more. */
  @Override
  public void close() {
    int last = descriptor.getAndSet(-1);
    if (owned) {
      Libc.close(last);
    }
  }

  private void enter() {
    Libc.setns(descriptor.get(), Libc.CLONE_NEWNET, "enter a network namespace");
  }
}
