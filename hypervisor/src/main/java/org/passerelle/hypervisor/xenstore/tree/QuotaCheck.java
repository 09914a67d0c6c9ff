package org.passerelle.hypervisor.xenstore.tree;

import org.passerelle.hypervisor.xenstore.StoreException;

/** The quotas on the tree, and the errors that C xenstored gives for them. dom0 passes them all. */
final class QuotaCheck {
  private QuotaCheck() {}

  static void ofPath(String operation, StorePath path, Principal who, Quotas quotas) {
    refuse(path.countedLength() > quotas.path(), operation, "EINVAL", who);
  }

  static void ofNode(String operation, Node node, Principal who, Quotas quotas) {
    refuse(node.size() > quotas.nodeSize(), operation, "ENOSPC", who);
  }

  static void ofPermissions(
      String operation, NodePermissions permissions, Principal who, Quotas quotas) {
    refuse(permissions.entries().size() > quotas.permissions(), operation, "ENOSPC", who);
  }

  /** Refuses a tree in which the domain has more than it may, and more than it had. */
  static void ofTree(
      String operation, StoreTree before, StoreTree after, Principal who, Quotas quotas) {
    int nodes = after.nodesOf(who.domain());
    boolean moreNodes = nodes > before.nodesOf(who.domain());
    refuse(moreNodes && nodes > quotas.nodes(), operation, "ENOSPC", who);
    long octets = after.octetsOf(who.domain());
    boolean moreOctets = octets > before.octetsOf(who.domain());
    refuse(moreOctets && octets > quotas.memory(), operation, "ENOMEM", who);
  }

  private static void refuse(boolean over, String operation, String error, Principal who) {
    if (over && !who.isPrivileged()) {
      throw new StoreException(operation, error);
    }
  }
}
