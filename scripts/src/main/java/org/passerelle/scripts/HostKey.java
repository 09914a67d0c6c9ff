package org.passerelle.scripts;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.passerelle.link.os.Namespace;
import org.passerelle.link.plan.Journal;

/** This boot and the calling thread's network namespace, which journals are told apart by. */
final class HostKey {
  private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

  private static String bootId;

  private HostKey() {}

  /**
   * Begins to read what is the same in all namespaces, beside the rest of a start: the first file
   * that Java reads takes it 2 ms.
   */
  static void prepare() {
    Thread.ofPlatform().daemon().name("boot-id").start(HostKey::tryBootId);
  }

  private static void tryBootId() {
    try {
      bootId();
    } catch (IOException e) {
      // Whoever needs it is told.
    }
  }

  private static synchronized String bootId() throws IOException {
    if (bootId == null) {
      bootId = Files.readString(BOOT_ID).strip();
    }
    return bootId;
  }

  static Journal.Key current() {
    try {
      return new Journal.Key(bootId(), Namespace.currentCookie());
    } catch (IOException e) {
      throw new ScriptException("read " + BOOT_ID + ": " + e.getMessage(), e);
    }
  }
}
