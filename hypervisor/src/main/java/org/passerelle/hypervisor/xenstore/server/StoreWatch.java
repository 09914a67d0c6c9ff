package org.passerelle.hypervisor.xenstore.server;

import org.passerelle.hypervisor.xenstore.tree.StorePath;

/**
 * A watch in force.
 *
 * @param prefix what is left out before each path that it is told of: with a relative path, the
 *     domain's directory and a slash; otherwise nothing
 * @param depth how many steps below {@code path} it hears of, at most; {@link #ANY_DEPTH}
 */
record StoreWatch(Session session, StorePath path, String prefix, String token, int depth) {
  static final int ANY_DEPTH = Integer.MAX_VALUE;

  boolean is(StorePath otherPath, String otherToken) {
    return path.equals(otherPath) && token.equals(otherToken);
  }

  /** Octets that count against the memory quota. */
  long octets() {
    return (long) path.text().length() + token.length();
  }

  void fire(String changed) {
    session.tell(changed.substring(prefix.length()), token);
  }
}
