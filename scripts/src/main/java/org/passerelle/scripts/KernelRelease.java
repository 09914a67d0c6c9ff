package org.passerelle.scripts;

/** The running kernel's version, where it decides which way is possible. */
final class KernelRelease {
  private KernelRelease() {}

  /** Links are renamed while they are up since Linux 6.2 (net/core/dev.c, dev_change_name). */
  static boolean renamesLive(String release) {
    String[] parts = release.split("[^0-9]+", 3);
    if (parts.length < 2 || parts[0].isEmpty() || parts[1].isEmpty()) {
      return false;
    }
    int major = Integer.parseInt(parts[0]);
    return major > 6 || major == 6 && Integer.parseInt(parts[1]) >= 2;
  }

  static boolean renamesLive() {
    return renamesLive(System.getProperty("os.version"));
  }
}
