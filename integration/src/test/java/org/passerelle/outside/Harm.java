package org.passerelle.outside;

import java.nio.file.Path;

/** What strace does to a script at one of its calls. */
enum Harm {
  /** Ends it on entering the call: all before it was done, it was not. */
  KILL {
    @Override
    String injection(SystemCall call) {
      return call.name() + ":signal=SIGKILL:when=" + call.number();
    }

    @Override
    boolean happened(SystemCall call, Path log) {
      return call.killedIn(log);
    }
  },

  /** Lets the call fail, with an errno that it may have. */
  FAIL {
    @Override
    String injection(SystemCall call) {
      return call.name() + ":error=" + errno(call) + ":when=" + call.number();
    }

    @Override
    boolean happened(SystemCall call, Path log) {
      return call.failedIn(log);
    }
  };

  /** In strace's words. */
  abstract String injection(SystemCall call);

  abstract boolean happened(SystemCall call, Path log);

  private static String errno(SystemCall call) {
    return switch (call.name()) {
      case "sendto", "recvfrom" -> "ENOBUFS";
      case "read" -> "ECONNRESET";
      case "write" -> call.text().contains("<UNIX") ? "EPIPE" : "ENOSPC";
      case "pwrite64", "ftruncate" -> "ENOSPC";
      // Settings that are read-only stay as they are, on purpose.
      case "openat" -> call.text().contains("\"/proc/sys/") ? "EIO" : "EROFS";
      case "rename", "unlink" -> "EROFS";
      default -> "EIO";
    };
  }
}
