package org.passerelle.scripts;

import java.nio.file.Path;
import java.util.stream.Stream;
import org.passerelle.link.plan.RunMark;
import org.passerelle.natroute.dhcp.DhcpKernel;

/**
 * All that scripts, agent and labs have in the run directory. Whatever else is there is somebody
 * else's, but for locks, which have names that end as {@link #LOCK}, and marks that are not whole
 * yet.
 */
public enum RunFile {
  JOURNALS("journal"),
  SETTINGS("settings"),
  ANTISPOOF(HostAntispoof.KEY),
  SERVICES(HostServices.KEY),
  GUARDS("guards"),
  LIMITED("limited"),
  FORWARDS("forwards"),
  WAYS("ways"),
  LEASES("leases"),
  DHCP(DhcpKernel.DIRECTORY),
  TAGS("tags"),
  TRUNKS("trunk"),
  CALLS("calls"),
  /** The launchers', see scripts/lib/slots.sh. */
  SLOTS("vif-slots"),
  METRICS("agent.prom"),
  /** The same before it is whole. */
  NEW_METRICS("agent.prom.new"),
  LABS("lab");

  public static final String LOCK = ".lock";

  private final String words;

  RunFile(String words) {
    this.words = words;
  }

  public Path in(Path runDirectory) {
    return runDirectory.resolve(words);
  }

  /** Whether there can be such a file of ours. */
  public static boolean isKnown(String name) {
    return name.endsWith(LOCK)
        || name.endsWith(RunMark.UNFINISHED)
        || Stream.of(values()).anyMatch(file -> file.words.equals(name));
  }
}
