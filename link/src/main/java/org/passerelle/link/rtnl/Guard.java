package org.passerelle.link.rtnl;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

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
  private static final Pattern SET = Pattern.compile("\\{ ([^}]*) \\}");

  public Guard {
    rules = rules.stream().map(Guard::sorted).toList();
  }

  /** The kernel gives a set's elements back in an order of its own. */
  private static String sorted(String rule) {
    return SET.matcher(rule)
        .replaceAll(
            set ->
                Arrays.stream(set.group(1).split(", "))
                    .sorted()
                    .collect(Collectors.joining(", ", "{ ", " }")));
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
