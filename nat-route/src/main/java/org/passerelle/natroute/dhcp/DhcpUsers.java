package org.passerelle.natroute.dhcp;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * For whom a DHCP server is to run: a file for each.
 *
 * @param files where they have a directory
 */
record DhcpUsers(OwnFiles files) {
  static final String DIRECTORY = "users";

  List<String> all() {
    return files.names(DIRECTORY).stream()
        .map(name -> URLDecoder.decode(name, StandardCharsets.UTF_8))
        .toList();
  }

  void add(String user) {
    files.write(file(user), "");
  }

  void remove(String user) {
    files.remove(file(user));
  }

  private static String file(String user) {
    return DIRECTORY + "/" + URLEncoder.encode(user, StandardCharsets.UTF_8);
  }
}
