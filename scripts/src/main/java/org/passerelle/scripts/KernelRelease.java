package org.passerelle.scripts;

import org.passerelle.link.list.Words;

/** The running kernel's version, where it decides which way is possible. */
final class KernelRelease {
  private KernelRelease() {}

  /** Links are renamed while they are up since Linux 6.2 (net/core/dev.c, dev_change_name). */
  static boolean renamesLive(String release) {
    int dot = Words.digits(release, 0);
    int end = Words.digits(release, Math.min(dot + 1, release.length()));
    if (dot == 0 || end <= dot + 1) {
      return false;
    }
    int major = Integer.parseInt(release.substring(0, dot));
    return major > 6 || major == 6 && Integer.parseInt(release.substring(dot + 1, end)) >= 2;
  }

  static boolean renamesLive() {
    return renamesLive(System.getProperty("os.version"));
  }
}
