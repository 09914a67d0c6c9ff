package org.passerelle.link.os;

import com.sun.jna.Function;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.passerelle.link.rtnl.KernelException;

/**
 * The C library's functions for the control path, each under its own name.
 *
 * <p>JNA's {@code Function} rather than its interface mapping or the JDK's foreign functions: a
 * script's whole run is some thirty milliseconds, and both others add seven or more to it. A
 * function is looked up when it is first called. Byte arrays are copied in and out by JNA.
 */
final class Libc {
  static final int AF_UNIX = 1;
  static final int AF_INET = 2;
  static final int AF_INET6 = 10;
  static final int AF_NETLINK = 16;
  static final int AF_PACKET = 17;
  static final int SOCK_STREAM = 1;
  static final int SOCK_DGRAM = 2;
  static final int SOCK_RAW = 3;
  static final int SOCK_CLOEXEC = 0x80000;
  private static final int SHUT_RDWR = 2;
  static final int SOL_SOCKET = 1;
  static final int SO_RCVBUF = 8;
  static final int SO_RCVTIMEO = 20;
  static final int SO_BINDTODEVICE = 25;
  static final int SO_NETNS_COOKIE = 71;
  static final int O_RDONLY = 0;
  static final int O_WRONLY = 1;
  static final int O_RDWR = 2;
  static final int O_CREAT = 0x40;
  static final int O_CLOEXEC = 0x80000;
  static final int LOCK_EX = 2;
  static final int LOCK_NB = 4;
  static final int CLONE_NEWNET = 0x40000000;

  private static final String PRIVILEGE =
      "needs root, or unshare -Urn around it for namespaces of one's own";

  private static final NativeLibrary PROCESS = NativeLibrary.getProcess();

  /** JNA keeps them too, by a key that it puts together anew for each call. */
  private static final Map<String, Function> FUNCTIONS = new ConcurrentHashMap<>();

  private Libc() {}

  /** int socket(int domain, int type, int protocol). */
  static int socket(int domain, int type, int protocol, String operation) {
    return check(call("socket", domain, type | SOCK_CLOEXEC, protocol), operation);
  }

  /** int bind(int fd, const struct sockaddr *addr, socklen_t len). */
  static void bind(int fd, byte[] address, String operation) {
    check(call("bind", fd, address, address.length), operation);
  }

  /** int connect(int fd, const struct sockaddr *addr, socklen_t len). */
  static void connect(int fd, byte[] address, String operation) {
    check(call("connect", fd, address, address.length), operation);
  }

  /**
   * int setsockopt(int fd, int level, int name, const void *value, socklen_t len).
   *
   * @return 0, or -1 with {@link #errno}
   */
  static int setsockopt(int fd, int level, int name, byte[] value) {
    return call("setsockopt", fd, level, name, value, value.length);
  }

  /**
   * int getsockopt(int fd, int level, int name, void *value, socklen_t *len).
   *
   * @return 0, or -1 with {@link #errno}
   */
  static int getsockopt(int fd, int level, int name, byte[] value) {
    return call("getsockopt", fd, level, name, value, new int[] {value.length});
  }

  /**
   * ssize_t sendto(int fd, const void *buf, size_t len, int flags, const struct sockaddr *,
   * socklen_t).
   */
  static long sendto(int fd, byte[] octets, byte[] address) {
    return retried("sendto", fd, octets, (long) octets.length, 0, address, address.length);
  }

  /** ssize_t recvfrom(int fd, void *buf, size_t len, int flags, struct sockaddr *, socklen_t *). */
  static long recvfrom(int fd, byte[] buffer, int flags, byte[] from) {
    return retried(
        "recvfrom", fd, buffer, (long) buffer.length, flags, from, new int[] {from.length});
  }

  /** As {@link #recvfrom(int, byte[], int, byte[])} into a direct buffer, which is not copied. */
  static long recvfrom(int fd, ByteBuffer buffer, int flags, byte[] from) {
    return retried(
        "recvfrom", fd, buffer, (long) buffer.capacity(), flags, from, new int[] {from.length});
  }

  /** int open(const char *path, int flags). */
  static int open(String path, int flags, String operation) {
    return check(call("open", path, flags | O_CLOEXEC), operation);
  }

  /** int open(const char *path, int flags, mode_t mode), for a file that is made when absent. */
  static int open(String path, int flags, int mode, String operation) {
    int descriptor = call("open", path, flags | O_CREAT | O_CLOEXEC, mode);
    if (descriptor < 0) {
      throw failure(operation, errno(), Remedies.file(errno()));
    }
    return descriptor;
  }

  /** int mkfifo(const char *path, mode_t mode). */
  static void mkfifo(String path, int mode, String operation) {
    check(call("mkfifo", path, mode), operation);
  }

  /** int flock(int fd, int operation): waits, or with LOCK_NB is false where it would. */
  static boolean flock(int fd, int how, String operation) {
    int result = call("flock", fd, how);
    while (result < 0 && errno() == Errno.EINTR) {
      result = call("flock", fd, how);
    }
    if (result < 0 && errno() == Errno.EAGAIN) {
      return false;
    }
    check(result, operation);
    return true;
  }

  /** ssize_t read(int fd, void *buf, size_t count). */
  static long read(int fd, byte[] buffer) {
    return retried("read", fd, buffer, (long) buffer.length);
  }

  /** ssize_t write(int fd, const void *buf, size_t count). */
  static long write(int fd, byte[] octets) {
    return retried("write", fd, octets, (long) octets.length);
  }

  /** int ioctl(int fd, unsigned long request, void *argument). */
  static void ioctl(int fd, long request, byte[] argument, String operation) {
    check(call("ioctl", fd, request, argument), operation);
  }

  /** int shutdown(int fd, int how), both ways: whoever reads there reads the end. */
  static void shutdown(int fd) {
    if (fd >= 0) {
      call("shutdown", fd, SHUT_RDWR);
    }
  }

  /** int close(int fd); the descriptor is gone even when it reports an error; -1 is none. */
  static void close(int fd) {
    if (fd >= 0) {
      call("close", fd);
    }
  }

  /** int unshare(int flags): concerns the calling thread only. */
  static void unshare(int flags, String operation) {
    check(call("unshare", flags), operation);
  }

  /** int setns(int fd, int nstype): concerns the calling thread only. */
  static void setns(int fd, int type, String operation) {
    check(call("setns", fd, type), operation);
  }

  /** char *strerror(int errnum), in the language that the process was started in. */
  static String strerror(int errno) {
    return function("strerror").invokeString(new Object[] {errno}, false);
  }

  /** errno of the calling thread's last call. */
  static int errno() {
    return Native.getLastError();
  }

  /** What the last call's errno makes of an operation. */
  static KernelException failure(String operation) {
    return failure(operation, errno(), "");
  }

  /** The errno's name and text, and the kernel's own words or, where it has none, a remedy. */
  static KernelException failure(String operation, int errno, String text) {
    boolean remedy = text.isEmpty() && errno == Errno.EPERM;
    return new KernelException(operation, errno, Errno.describe(errno), remedy ? PRIVILEGE : text);
  }

  private static int check(int result, String operation) {
    if (result < 0) {
      throw failure(operation);
    }
    return result;
  }

  private static int call(String name, Object... arguments) {
    return function(name).invokeInt(arguments);
  }

  private static Function function(String name) {
    return FUNCTIONS.computeIfAbsent(name, PROCESS::getFunction);
  }

  /** Calls again when a signal came between. */
  private static long retried(String name, Object... arguments) {
    Function function = function(name);
    long result = function.invokeLong(arguments);
    while (result < 0 && errno() == Errno.EINTR) {
      result = function.invokeLong(arguments);
    }
    return result;
  }
}
