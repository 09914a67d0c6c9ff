package org.passerelle.vlan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.passerelle.link.plan.RefusedException;
import org.passerelle.link.wire.VlanId;

/**
 * The VLANs that a vif may use, as {@code vlan=} of xl has them (xl-network-configuration(5), since
 * Xen 4.19): terms with {@code /} between, each of them
 *
 * <pre>
 *   100        a VLAN
 *   10p        the VLAN of what has no tag; a lone VLAN is that
 *   100-110    a range
 *   100+10x4   a VLAN and four more, 10 apart: 100, 110, 120, 130, 140 (the manual's example has
 *              one more than its text; this is the text)
 * </pre>
 *
 * {@code u}, which has a VLAN leave without a tag and not come in so, cannot be had: whoever gets
 * frames of two VLANs without a tag cannot answer either.
 *
 * @param untagged the PVID
 * @param tagged the others, by number
 */
public record VlanGrant(VlanId untagged, List<VlanId> tagged) {
  private static final Pattern TERM =
      Pattern.compile("([0-9]+)(?:-([0-9]+)|\\+([0-9]+)x([0-9]+))?([pu]?)");

  public VlanGrant {
    tagged = List.copyOf(tagged);
  }

  /** Throws {@link RefusedException} with what is wrong. */
  public static VlanGrant parse(String text) {
    List<VlanId> untagged = new ArrayList<>();
    TreeSet<VlanId> all = new TreeSet<>();
    for (String term : text.split("/", -1)) {
      List<VlanId> vlans = term(text, term);
      if (term.endsWith("p")) {
        untagged.addAll(vlans);
      }
      for (VlanId vlan : vlans) {
        if (!all.add(vlan)) {
          throw wrong(text, "VLAN " + vlan + " is there twice");
        }
      }
    }
    if (untagged.isEmpty() && all.size() == 1) {
      untagged.add(all.first());
    }
    if (untagged.size() != 1) {
      throw wrong(text, "one VLAN must be that of what has no tag; mark it with p, as in 10p/100");
    }
    all.removeAll(untagged);
    return new VlanGrant(untagged.getFirst(), List.copyOf(all));
  }

  private static List<VlanId> term(String text, String term) {
    Matcher matcher = TERM.matcher(term);
    if (!matcher.matches()) {
      throw wrong(text, "\"" + term + "\" is none of 100, 10p, 100-110 and 100+10x4");
    }
    boolean one = matcher.group(2) == null && matcher.group(3) == null;
    if (matcher.group(5).equals("u") || matcher.group(5).equals("p") && !one) {
      throw wrong(text, term + ": one VLAN alone can be without a tag, in both directions (p)");
    }
    int first = number(text, matcher.group(1));
    int step = Optional.ofNullable(matcher.group(3)).map(n -> number(text, n)).orElse(1);
    int last =
        matcher.group(4) != null
            ? first + step * number(text, matcher.group(4))
            : number(text, Optional.ofNullable(matcher.group(2)).orElse(matcher.group(1)));
    return between(text, term, first, last, step);
  }

  private static List<VlanId> between(String text, String term, int first, int last, int step) {
    if (first < VlanId.LOWEST || last > VlanId.HIGHEST || first > last) {
      throw wrong(text, term + ": VLANs go from 1 to 4094, and the lower one comes first");
    }
    List<VlanId> vlans = new ArrayList<>();
    for (int id = first; id <= last; id += step) {
      vlans.add(new VlanId(id));
    }
    return vlans;
  }

  private static int number(String text, String digits) {
    int number = digits.length() > 4 ? 0 : Integer.parseInt(digits);
    if (number == 0) {
      throw wrong(text, digits + " is too small or too great");
    }
    return number;
  }

  private static RefusedException wrong(String text, String why) {
    return new RefusedException("vlan=" + text.replaceAll("[^ -~]", "?") + ": " + why);
  }

  /** In words, each VLAN by itself. */
  @Override
  public String toString() {
    String tags = tagged.stream().map(VlanId::toString).collect(Collectors.joining(" "));
    return "untagged " + untagged + (tags.isEmpty() ? "" : ", tagged " + tags);
  }
}
