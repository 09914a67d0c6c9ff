package org.passerelle.natroute.dhcp;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.passerelle.link.list.Lists;

/**
 * For whom a DHCP server is to run: a file for each.
 *
 * @param files where they have a directory
 */
record DhcpUsers(OwnFiles files) {
  static final String DIRECTORY = "users";

  List<String> all() {
    return Lists.map(
        files.names(DIRECTORY), name -> URLDecoder.decode(name, StandardCharsets.UTF_8));
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
