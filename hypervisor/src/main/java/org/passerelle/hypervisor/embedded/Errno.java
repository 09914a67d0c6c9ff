package org.passerelle.hypervisor.embedded;

import org.passerelle.hypervisor.HypervisorException;

/** Linux's error numbers that this package's calls give, with the remedy for each. */
enum Errno {
  EPERM(1, "a security policy forbids it (seccomp, SELinux): allow the call"),
  ENOENT(2, "nobody has made it: is the host running, and is this its run directory?"),
  ENOMEM(12, "free memory, or raise vm.max_map_count or the cgroup's limit"),
  EACCES(13, "a security policy forbids it: see vm.memfd_noexec"),
  EINVAL(22, "the kernel is too old: Linux 5.8 or newer is needed"),
  ENFILE(23, "raise the host's limit of open files (sysctl fs.file-max)"),
  EMFILE(24, "raise the limit of open files (ulimit -n)"),
  ENOSPC(28, "raise fs.epoll.max_user_watches, or free shared memory"),
  ENOSYS(38, "the kernel lacks it: Linux 5.8 or newer is needed"),
  ECONNREFUSED(111, "nobody lets in there: the host has ended, or a guest is inside already");

  private final int number;
  private final String remedy;

  Errno(int number, String remedy) {
    this.number = number;
    this.remedy = remedy;
  }

  int number() {
    return number;
  }

  /** The result of a call of {@link Posix}, or the exception that says what failed. */
  static int check(int result, String operation) {
    return (int) check((long) result, operation);
  }

  static long check(long result, String operation) {
    // Addresses fill the rest of the range: Linux's errors are the last 4095 values.
    if (result < 0 && result > -4096) {
      throw failure(operation, (int) -result);
    }
    return result;
  }

  private static HypervisorException failure(String operation, int number) {
    for (Errno known : values()) {
      if (known.number == number) {
        return new HypervisorException(
            operation + ": " + known + " (" + number + "): " + known.remedy, number);
      }
    }
    return new HypervisorException(operation + ": errno " + number, number);
  }
}
