package org.passerelle.natroute;

import java.net.InetAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.passerelle.link.list.Lists;
import org.passerelle.link.list.Words;
import org.passerelle.link.plan.Ipv6Text;
import org.passerelle.link.plan.RefusedException;
import org.passerelle.link.rtnl.TableEntry;

/**
 * A port of dom0's that leads to one of the guest's: {@code tcp:8080:80}.
 *
 * @param protocol {@code tcp} or {@code udp}
 */
public record PortForward(String protocol, int port, int guestPort) {
  private static final String SHAPE = "(tcp|udp):(\\d{1,5}):(\\d{1,5})";
  private static final int MOST = 65535;

  /**
   * Several, with blanks or commas between; throws RefusedException for anything else, and where
   * one port of dom0's is to lead to two of the guest's.
   */
  public static List<PortForward> parse(String text) {
    List<String> words = Words.split(text, Words.BLANKS + ",");
    List<PortForward> all = Lists.distinct(Lists.map(words, PortForward::one));
    Set<List<Object>> taken = new HashSet<>();
    for (PortForward one : all) {
      if (!taken.add(List.of(one.protocol, one.port))) {
        throw new RefusedException(
            "forward="
                + text.replaceAll("\\s+", " ")
                + ": "
                + one.protocol
                + " port "
                + one.port
                + " is there twice");
      }
    }
    return all;
  }

  private static PortForward one(String text) {
    Matcher matcher = Pattern.compile(SHAPE).matcher(text);
    if (matcher.matches()) {
      int port = Integer.parseInt(matcher.group(2));
      int guestPort = Integer.parseInt(matcher.group(3));
      if (port > 0 && port <= MOST && guestPort > 0 && guestPort <= MOST) {
        return new PortForward(matcher.group(1), port, guestPort);
      }
    }
    throw new RefusedException(
        "forward="
            + text.replaceAll("[^!-~]", "?")
            + " is not PROTOCOL:PORT:GUESTPORT, for example tcp:8080:80");
  }

  /** Such an entry in the words that it was asked for by. */
  public static String words(TableEntry entry) {
    return String.join(":", entry.key()) + ":" + entry.data().getLast();
  }

  /** As an entry of the map for the guest's address, in the words that the filter tells it in. */
  TableEntry to(InetAddress guest, String owner) {
    boolean v6 = guest.getAddress().length > 4;
    return new TableEntry(
        v6 ? "forwards6" : "forwards4",
        List.of(protocol, Integer.toString(port)),
        List.of(Ipv6Text.of(guest), Integer.toString(guestPort)),
        owner);
  }
}
