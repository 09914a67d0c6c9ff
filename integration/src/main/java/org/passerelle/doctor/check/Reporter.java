package org.passerelle.doctor.check;

import java.util.List;
import org.passerelle.doctor.Finding;

/** Makes a section's findings. */
record Reporter(Finding.Section section) {

  Finding ok(String name, String subject, String what) {
    return Finding.ok(section, name, subject, what);
  }

  Finding unseen(String name, String subject, String what, String remedy) {
    return Finding.unseen(section, name, subject, what, remedy);
  }

  Finding warn(String name, String subject, String what, String effect, String remedy) {
    return new Finding(section, name, Finding.Level.WARN, subject, what, effect, remedy, List.of());
  }

  Finding bad(String name, String subject, String what, String effect, String remedy) {
    return new Finding(section, name, Finding.Level.BAD, subject, what, effect, remedy, List.of());
  }

  /** Bad where it is so already, a warning where it would be. */
  Finding trouble(
      boolean now, String name, String subject, String what, String effect, String remedy) {
    return now
        ? bad(name, subject, what, effect, remedy)
        : warn(name, subject, what, effect, remedy);
  }
}
