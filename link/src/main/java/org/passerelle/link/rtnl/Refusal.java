package org.passerelle.link.rtnl;

/**
 * The refusals that plans tell apart and the kernel in memory knows, by errno
 * (asm-generic/errno-base.h, errno.h) and in strerror's words.
 */
public enum Refusal {
  EPERM(1, "Operation not permitted"),
  ENOENT(2, "No such file or directory"),
  ESRCH(3, "No such process"),
  EINTR(4, "Interrupted system call"),
  ENOMEM(12, "Cannot allocate memory"),
  EACCES(13, "Permission denied"),
  EBUSY(16, "Device or resource busy"),
  EEXIST(17, "File exists"),
  ENODEV(19, "No such device"),
  EINVAL(22, "Invalid argument"),
  EROFS(30, "Read-only file system"),
  ELOOP(40, "Too many levels of symbolic links"),
  EPROTONOSUPPORT(93, "Protocol not supported"),
  EOPNOTSUPP(95, "Operation not supported"),
  EADDRNOTAVAIL(99, "Cannot assign requested address"),
  ENETDOWN(100, "Network is down"),
  ENETUNREACH(101, "Network is unreachable"),
  EHOSTUNREACH(113, "No route to host");

  private final int number;
  private final String words;

  Refusal(int number, String words) {
    this.number = number;
    this.words = words;
  }

  public int number() {
    return number;
  }

  /** As strerror has it. */
  public String words() {
    return words;
  }

  /** True when the kernel refused for this reason. */
  public boolean is(KernelException refusal) {
    return refusal.errno() == number;
  }

  /** As messages show it: {@code EBUSY (16, Device or resource busy)}. */
  @Override
  public String toString() {
    return name() + " (" + number + ", " + words + ")";
  }
}
