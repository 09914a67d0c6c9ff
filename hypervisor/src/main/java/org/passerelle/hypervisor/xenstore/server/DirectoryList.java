package org.passerelle.hypervisor.xenstore.server;

import java.util.Arrays;
import org.passerelle.hypervisor.xenstore.StoreException;
import org.passerelle.hypervisor.xenstore.tree.Node;
import org.passerelle.hypervisor.xenstore.wire.XsLimits;
import org.passerelle.hypervisor.xenstore.wire.XsStrings;

/** A node's children as DIRECTORY and DIRECTORY_PART answer. */
final class DirectoryList {
  private DirectoryList() {}

  /** Each name and a NUL; E2BIG where that is more than one answer holds. */
  static byte[] whole(Node node) {
    byte[] names = XsStrings.join(node.childNames());
    if (names.length > XsLimits.PAYLOAD_MAX) {
      throw new StoreException("list of " + names.length + " octets", "E2BIG");
    }
    return names;
  }

  /**
   * The node's generation, then as many whole names as fit from octet {@code offset} of the list
   * on; behind the last name an empty one.
   */
  static byte[] part(Node node, int offset) {
    byte[] generation = XsStrings.join(Long.toString(node.generation()));
    byte[] names = XsStrings.join(node.childNames());
    int start = Math.min(offset, names.length);
    int end = lastWholeName(names, start, XsLimits.PAYLOAD_MAX - generation.length - 1);
    int closing = end == names.length ? 1 : 0;
    byte[] answer = Arrays.copyOf(generation, generation.length + end - start + closing);
    System.arraycopy(names, start, answer, generation.length, end - start);
    return answer;
  }

  /** Where the last name ends, behind its NUL, that fits in {@code room} octets from the start. */
  private static int lastWholeName(byte[] names, int start, int room) {
    int end = start;
    for (int i = start; i < names.length && i - start < room; i++) {
      if (names[i] == 0) {
        end = i + 1;
      }
    }
    return end;
  }
}
