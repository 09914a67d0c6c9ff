package org.passerelle.link.rtnl;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.stream.Collectors;
import org.passerelle.link.netlink.NetlinkWriter;
import org.passerelle.link.wire.EtherType;
import org.passerelle.link.wire.VlanId;

/**
 * A classic BPF program (struct sock_filter, linux/filter.h) that says what becomes of a frame:
 * what it returns is traffic control's verdict (linux/pkt_cls.h). It sees the outermost tag beside
 * the frame, where the kernel has put it (SKF_AD_VLAN_TAG and its like).
 *
 * <pre>
 *   0         2     3     4         8
 *   | code    | jt  | jf  | k       |     jt, jf: instructions to be left out, if true and if false
 * </pre>
 */
final class FilterProgram {
  /** BPF_MAXINSNS. */
  private static final int MOST = 4096;

  private static final int LOAD_WORD = 0x20;
  private static final int LOAD_HALF = 0x28;
  private static final int AND = 0x54;
  private static final int IF_EQUAL = 0x15;
  private static final int IF_GREATER = 0x25;
  private static final int IF_NOT_LESS = 0x35;
  private static final int RETURN = 0x06;

  /** SKF_AD_OFF, and what lies there. */
  private static final int BESIDE = -0x1000;

  private static final int TAG = BESIDE + 44;
  private static final int TAG_IS_THERE = BESIDE + 48;
  private static final int TAG_TYPE = BESIDE + 60;
  private static final int VID = 0x0FFF;

  /** Of the frame itself, behind a tag that lies beside it. */
  private static final int TYPE = 12;

  private static final int DROP = 2;

  /** TC_ACT_UNSPEC: for other filters to say. */
  private static final int NO_OPINION = -1;

  private final List<Instruction> instructions = new ArrayList<>();

  private record Instruction(int code, int whenTrue, int whenFalse, int constant) {}

  private FilterProgram() {}

  /** Drops everything. */
  static FilterProgram dropAll() {
    return new FilterProgram().add(RETURN, 0, 0, DROP);
  }

  /**
   * Drops what has the tag of one of these VLANs.
   *
   * @throws IllegalArgumentException when they are too scattered for a program
   */
  static FilterProgram drop(SortedSet<VlanId> vlans) {
    FilterProgram program = new FilterProgram();
    program.returnUnless(TAG_IS_THERE, 1);
    program.returnUnless(TAG_TYPE, EtherType.VLAN);
    program.add(LOAD_WORD, 0, 0, TAG).add(AND, 0, 0, VID);
    ranges(vlans).forEach(range -> program.dropBetween(range.getFirst(), range.getLast()));
    program.add(RETURN, 0, 0, NO_OPINION);
    if (program.instructions.size() > MOST) {
      throw new IllegalArgumentException(vlans.size() + " VLANs are too many with gaps between");
    }
    return program;
  }

  /**
   * Drops what comes in with a tag, or with one within another; a priority alone is none. The
   * kernel has put the outermost beside the frame by then.
   */
  static FilterProgram dropTaggedIn() {
    return new FilterProgram().dropType(EtherType.SERVICE_VLAN).dropType(EtherType.VLAN).dropTag();
  }

  /**
   * Drops what a bridge sends out with a tag: it has come in somewhere, so that its tag lies beside
   * it. What has 802.1Q's in the frame itself was sent so by a packet socket, and passes.
   */
  static FilterProgram dropTaggedOut() {
    FilterProgram program = new FilterProgram().dropType(EtherType.SERVICE_VLAN);
    program.returnUnless(TAG_IS_THERE, 1);
    return program.dropType(EtherType.VLAN).dropTag();
  }

  private FilterProgram dropType(int type) {
    return add(LOAD_HALF, 0, 0, TYPE).add(IF_EQUAL, 0, 1, type).add(RETURN, 0, 0, DROP);
  }

  private FilterProgram dropTag() {
    returnUnless(TAG_IS_THERE, 1);
    add(LOAD_WORD, 0, 0, TAG_TYPE).add(IF_EQUAL, 1, 0, EtherType.VLAN).add(RETURN, 0, 0, DROP);
    add(LOAD_WORD, 0, 0, TAG).add(AND, 0, 0, VID).add(IF_EQUAL, 1, 0, 0).add(RETURN, 0, 0, DROP);
    return add(RETURN, 0, 0, NO_OPINION);
  }

  private static List<List<VlanId>> ranges(SortedSet<VlanId> vlans) {
    List<List<VlanId>> ranges = new ArrayList<>();
    for (VlanId vlan : vlans) {
      if (ranges.isEmpty() || ranges.getLast().getLast().number() + 1 != vlan.number()) {
        ranges.add(new ArrayList<>());
      }
      ranges.getLast().add(vlan);
    }
    return ranges;
  }

  private void returnUnless(int where, int value) {
    add(LOAD_WORD, 0, 0, where).add(IF_EQUAL, 1, 0, value).add(RETURN, 0, 0, NO_OPINION);
  }

  private void dropBetween(VlanId first, VlanId last) {
    add(IF_NOT_LESS, 0, 2, first.number());
    add(IF_GREATER, 1, 0, last.number());
    add(RETURN, 0, 0, DROP);
  }

  private FilterProgram add(int code, int whenTrue, int whenFalse, int constant) {
    instructions.add(new Instruction(code, whenTrue, whenFalse, constant));
    return this;
  }

  int length() {
    return instructions.size();
  }

  /** As tc's {@code bytecode} has it. */
  @Override
  public String toString() {
    return length()
        + ","
        + instructions.stream()
            .map(
                one ->
                    one.code()
                        + " "
                        + one.whenTrue()
                        + " "
                        + one.whenFalse()
                        + " "
                        + Integer.toUnsignedString(one.constant()))
            .collect(Collectors.joining(","));
  }

  void emit(NetlinkWriter writer) {
    for (Instruction one : instructions) {
      writer.u16(one.code()).u8(one.whenTrue()).u8(one.whenFalse()).u32(one.constant());
    }
  }
}
