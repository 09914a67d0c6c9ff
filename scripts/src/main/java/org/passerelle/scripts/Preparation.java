package org.passerelle.scripts;

import org.passerelle.link.wire.IpPrefix;

/**
 * What takes Java longest when it is done for the first time, done beside the rest of a start: to
 * make the C library's functions known takes 4 ms, the first file that is read 2, the first address
 * half a millisecond.
 */
final class Preparation {
  private Preparation() {}

  static void begin() {
    Thread.ofPlatform().daemon().name("preparation").start(Preparation::tryAll);
  }

  private static void tryAll() {
    try {
      HostKey.current();
      IpPrefix.address("0.0.0.0");
    } catch (RuntimeException | LinkageError e) {
      // Whoever needs it is told.
    }
  }
}
