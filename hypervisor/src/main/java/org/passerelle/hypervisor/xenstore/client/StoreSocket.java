package org.passerelle.hypervisor.xenstore.client;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Where XenStore's socket is, as libxenstore finds it. */
public final class StoreSocket {
  private static final Path DEFAULT = Path.of("/run/xenstored/socket");
  private static final Path OLDER = Path.of("/var/run/xenstored/socket");

  private StoreSocket() {}

  /**
   * {@code XENSTORED_PATH}, else {@code socket} in {@code XENSTORED_RUNDIR}, else the usual place;
   * of the two usual ones the older only where the newer is absent.
   */
  public static Path path(Map<String, String> environment) {
    String path = environment.get("XENSTORED_PATH");
    if (path != null) {
      return Path.of(path);
    }
    String directory = environment.get("XENSTORED_RUNDIR");
    if (directory != null) {
      return Path.of(directory, "socket");
    }
    return !Files.exists(DEFAULT) && Files.exists(OLDER) ? OLDER : DEFAULT;
  }
}
