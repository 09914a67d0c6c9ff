package org.passerelle.doctor;

import java.util.List;

/**
 * One thing that was looked at.
 *
 * @param name stable, for programs
 * @param subject the device, file or chain that it is about
 * @param what is the matter, or that nothing is
 * @param effect what happens, or would happen; empty when all is well
 * @param remedy what to do; empty when nothing is to be done
 * @param commands what to run for it, in order
 */
public record Finding(
    Section section,
    String name,
    Level level,
    String subject,
    String what,
    String effect,
    String remedy,
    List<String> commands) {

  public Finding {
    commands = List.copyOf(commands);
  }

  /** What it is about, in the order in which it is told. */
  public enum Section {
    KERNEL,
    XEN,
    SETTINGS,
    FIREWALL,
    NIC,
    PASSERELLE
  }

  /** How bad it is. */
  public enum Level {
    OK,
    /** Could not be looked at. */
    UNSEEN,
    /** May go wrong, or something is missing that not everybody needs. */
    WARN,
    /** Does go wrong. */
    BAD
  }

  public static Finding ok(Section section, String name, String subject, String what) {
    return new Finding(section, name, Level.OK, subject, what, "", "", List.of());
  }

  public static Finding unseen(
      Section section, String name, String subject, String what, String remedy) {
    return new Finding(section, name, Level.UNSEEN, subject, what, "", remedy, List.of());
  }

  /** The same with what to run. */
  public Finding with(List<String> toRun) {
    return new Finding(section, name, level, subject, what, effect, remedy, toRun);
  }
}
