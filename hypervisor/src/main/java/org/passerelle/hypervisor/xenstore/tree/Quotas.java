package org.passerelle.hypervisor.xenstore.tree;

import org.passerelle.hypervisor.xenstore.wire.XsLimits;

/**
 * What one domain may take up; dom0 is free of them. The defaults are those of C xenstored
 * (tools/xenstored/domain.c, {@code hard_quotas}).
 *
 * @param nodes nodes owned
 * @param nodeSize octets of one node: header, permissions, value, children's names
 * @param permissions entries of one node
 * @param path octets of a path, counted below {@code /local/domain/N/}
 * @param memory octets of all nodes owned, with their paths, and of the watches
 * @param watches watches in force
 * @param transactions transactions under way
 * @param transactionNodes nodes looked at or changed in one transaction
 * @param outstanding requests under way at once; a further one waits
 */
public record Quotas(
    int nodes,
    int nodeSize,
    int permissions,
    int path,
    long memory,
    int watches,
    int transactions,
    int transactionNodes,
    int outstanding) {
  public static final Quotas DEFAULT =
      new Quotas(1000, 2048, 5, XsLimits.RELATIVE_PATH_MAX, 2_621_440, 128, 10, 1024, 20);
}
