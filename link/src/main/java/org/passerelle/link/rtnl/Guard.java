package org.passerelle.link.rtnl;

import java.util.List;
import java.util.Optional;
import org.passerelle.link.list.Lists;

/**
 * What a link's guest may send: the rules of a chain of the packet filter that sees each frame
 * which comes in there, before anything else does, and drops what no rule accepts. A table of its
 * own holds it, so that it comes and goes at one stroke and shares nothing with another link's.
 *
 * <p>The kernel binds such a chain to a name: it does not follow a link that is renamed, it hits
 * the next link of that name, and (since 6.16) it outlives its link.
 *
 * @param device the link's name
 * @param rules in nft's language; the elements of a set in the order of their letters
 */
public record Guard(String device, List<String> rules) {
  private static final String OPENS = "{ ";
  private static final String CLOSES = " }";

  public Guard {
    rules = Lists.map(rules, Guard::sorted);
  }

  /** The kernel gives a set's elements back in an order of its own. */
  private static String sorted(String rule) {
    int start = rule.indexOf(OPENS);
    int end = rule.indexOf(CLOSES, start + OPENS.length());
    if (start < 0 || end < 0) {
      return rule;
    }
    // By one letter: by two is by a regular expression.
    String elements = rule.substring(start + OPENS.length(), end).replace(", ", ",");
    return rule.substring(0, start + OPENS.length())
        + String.join(", ", Lists.sorted(List.of(elements.split(","))))
        + CLOSES
        + sorted(rule.substring(end + CLOSES.length()));
  }

  /**
   * Whether it is this one that is there. Not by the records' equality, whose classes are made at
   * run time, which takes 6 ms.
   */
  public boolean is(Optional<Guard> present) {
    return present.isPresent()
        && present.get().device.equals(device)
        && present.get().rules.equals(rules);
  }

  /** The table that it is in, with its family. */
  public static String table(String device) {
    return "netdev passerelle-" + device;
  }

  /** What makes it, in nft's language. */
  public String declaration() {
    return "table "
        + table(device)
        + " { chain guest { type filter hook ingress device \""
        + device
        + "\" priority filter; policy drop; "
        + String.join("; ", rules)
        + "; }; }";
  }
}
