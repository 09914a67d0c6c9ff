package org.passerelle.scripts;

import java.util.List;
import java.util.Optional;
import org.passerelle.link.os.HostFiles;
import org.passerelle.link.rtnl.Link;

/** What NetworkManager says of itself in files. */
record NetworkManagerFiles(HostFiles files) {
  private static final String UUID = "connection-uuid=";
  private static final String MADE_UP = "run/NetworkManager/system-connections";

  /**
   * The connection by which it configures a device; empty also where it has made one up that only
   * tells what somebody else does with the device.
   */
  Optional<String> connection(Link link) {
    return files.lines("run/NetworkManager/devices/" + link.index()).stream()
        .filter(line -> line.startsWith(UUID))
        .map(line -> line.substring(UUID.length()))
        .filter(uuid -> !isMadeUp(uuid))
        .findFirst();
  }

  private boolean isMadeUp(String uuid) {
    return files.names(MADE_UP).stream()
        .map(name -> files.lines(MADE_UP + "/" + name))
        .anyMatch(lines -> lines.containsAll(List.of("uuid=" + uuid, "external=true")));
  }
}
