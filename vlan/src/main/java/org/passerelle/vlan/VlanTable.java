package org.passerelle.vlan;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.passerelle.link.plan.RefusedException;
import org.passerelle.link.wire.VlanId;

/**
 * Which VLANs there are to be, as {@code network-multi-vlan} is told: {@code 100,200-299}, or a
 * file with such a list in each line, where a line with a single VLAN may name its bridge. What is
 * wrong is refused with the place and the remedy.
 *
 * <pre>
 *   # the office
 *   100,200-299
 *   300 dmz
 * </pre>
 */
public final class VlanTable {
  private static final String RANGE = "[0-9]+(-[0-9]+)?";

  /** No number with more digits is a VLAN's. */
  private static final int LONGEST = 4;

  private final List<VlanBridge> vlans = new ArrayList<>();
  private final Set<VlanId> seen = new HashSet<>();
  private final Set<String> bridges = new HashSet<>();

  private VlanTable() {}

  /** Reads {@code 100,200-299}. */
  public static List<VlanBridge> ofList(String list) {
    VlanTable table = new VlanTable();
    table.add("vlans=" + list, list);
    return table.vlans;
  }

  /** Reads one VLAN, the value of {@code key}. */
  public static VlanBridge single(String key, String number) {
    if (!number.matches("[0-9]+")) {
      throw new RefusedException(key + "=" + number + ": not a VLAN's number, 1 to 4094");
    }
    return VlanBridge.of(vlan(key + "=" + number, number));
  }

  /**
   * Reads a file's lines; empty ones and what follows a {@code #} mean nothing.
   *
   * @param file its name, for what is said
   */
  public static List<VlanBridge> ofLines(String file, List<String> lines) {
    VlanTable table = new VlanTable();
    int number = 0;
    for (String line : lines) {
      number++;
      String text = line.replaceFirst("#.*", "").strip();
      if (!text.isEmpty()) {
        table.line(file + ":" + number, text);
      }
    }
    if (table.vlans.isEmpty()) {
      throw new RefusedException(file + ": there is no VLAN in it");
    }
    return table.vlans;
  }

  private void line(String where, String text) {
    String[] words = text.split("\\s+");
    if (words.length == 1) {
      add(where, text);
    } else if (words.length == 2 && words[0].matches("[0-9]+")) {
      add(where, new VlanBridge(vlan(where, words[0]), words[1]));
    } else {
      throw new RefusedException(
          where + ": " + text + ": neither VLANs, as 100,200-299, nor one VLAN and its bridge");
    }
  }

  private void add(String where, String list) {
    for (String term : list.split(",", -1)) {
      if (!term.matches(RANGE)) {
        throw new RefusedException(
            where + ": \"" + term + "\" is no VLAN and no range; as in 100,200-299");
      }
      String[] ends = term.split("-");
      VlanId first = vlan(where, ends[0]);
      VlanId last = vlan(where, ends[ends.length - 1]);
      if (last.compareTo(first) < 0) {
        throw new RefusedException(where + ": " + term + " ends before it begins");
      }
      for (int id = first.number(); id <= last.number(); id++) {
        add(where, VlanBridge.of(new VlanId(id)));
      }
    }
  }

  private void add(String where, VlanBridge one) {
    if (!seen.add(one.vlan())) {
      throw new RefusedException(where + ": VLAN " + one.vlan() + " is there twice");
    }
    if (!bridges.add(one.bridge())) {
      throw new RefusedException(
          where + ": " + one.bridge() + " would be the bridge of two VLANs, which joins them");
    }
    vlans.add(one);
  }

  private static VlanId vlan(String where, String digits) {
    int number = digits.length() > LONGEST ? 0 : Integer.parseInt(digits);
    if (number < VlanId.LOWEST || number > VlanId.HIGHEST) {
      throw new RefusedException(
          where + ": there is no VLAN " + digits + "; they go from 1 to 4094");
    }
    return new VlanId(number);
  }
}
