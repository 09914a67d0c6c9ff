package org.passerelle.lab.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Finds the process of a lab's guest, from outside. */
public final class GuestHandle {
  private GuestHandle() {}

  /** The one that entered at the domain's door. */
  public static ProcessHandle of(ProcessHandle lab, String domain) {
    return lab.descendants()
        .filter(each -> commandLine(each).contains("/door/" + domain))
        .findFirst()
        .orElseThrow(() -> new AssertionError("domain " + domain + " has no process"));
  }

  /** As the kernel has it: the JDK's is empty when it is longer than a page. */
  private static String commandLine(ProcessHandle process) {
    try {
      return Files.readString(Path.of("/proc/" + process.pid() + "/cmdline"));
    } catch (IOException e) {
      return ""; // it has ended
    }
  }
}
