/**
 * The trunk process ({@code passerelle trunk NIC}): a NIC's VLANs in user space, for kernels
 * without 8021q. It has the other end of each VLAN's tap, and a packet socket on the NIC.
 *
 * <pre>
 *   vlanbr100 -- eth0.100 ==== tap --+
 *   vlanbr200 -- eth0.200 ==== tap --+-- trunk process -- packet socket ---- eth0 -- wire
 *                                          (a thread)                         |
 *   dom0, untagged -----------------------------------------------------------+
 * </pre>
 *
 * <p>Nobody tells it what to serve. The scripts make the taps, which stay when nobody has their
 * other end, with a mark that names NIC and VLAN; the process hears of links from the kernel
 * (rtnetlink), and takes those that bear its NIC's mark. So there is no second list of VLANs that
 * could say something else: a VLAN is added and removed by adding and removing its tap, with {@code
 * ip link} if need be, and the others do not notice. Where a process was killed, its taps are still
 * there, ports of their bridges as before, without a carrier; the next process takes them up.
 *
 * <pre>
 *                    launched, by the scripts or by hand
 *                                  |
 *                                  v
 *     +-------------------------- STARTING -- another one serves the NIC, there is no such NIC and none of its taps,
 *     |                            |    ^     or the host cannot: says so, ends
 *     |  the NIC is gone, of which |    |
 *     |  taps are left             |    |  killed, or failed: scripts/lib/trunk.sh starts it again, after a pause
 *     |                            |    |  that grows from a second to a minute while none serves for longer
 *     |                            v    |
 *     +-------------------------- SERVING -- taps that it could not have for now are tried again, after such pauses
 *     |   the NIC was deleted,     |    |
 *     v   or left the namespace    |    |  SIGTERM
 *   NIC_GONE                       |    v
 *   deletes its taps               |  STOPPED
 *                                  v  the taps stay
 *                                UNUSED
 *                                the last tap was deleted
 * </pre>
 *
 * <p>A lock (flock, in the run directory) keeps a second one off; {@code scripts.TrunkFiles} has
 * its place. The three at the bottom are ends, and no supervisor starts it again after them.
 *
 * <p>Its keeper is the shell that runs {@code scripts/lib/trunk.sh}, its parent, and tells it his
 * number. A process whose keeper was killed knows nothing of it; its file has the keeper's number,
 * and the scripts see by its parent's that it is another ({@code scripts.TrunkServer}). It gives
 * way to one with a keeper, as a keeper does that rests between two processes ({@code
 * scripts.TrunkPredecessors}).
 *
 * <p>The kernel sees the NIC's tagged frames too, and drops them, as it does with those of VLANs
 * that nobody has. A bridge that the NIC is a port of would get them: a filter at the NIC ({@code
 * link.os.IngressVlans}) drops those that are served, behind the packet socket.
 *
 * <p>A vif whose guest tags is served as a NIC is: {@code vif1.0.100} is the tap, {@code vif1.0}
 * the line. Its taps have a mark of their own kind, since what comes in there is whatever a guest
 * makes up: a tag within a tag is dropped. vif-bridge starts the process and has it end, and puts
 * up the fence ({@code link.os.TagFence}) that does for all other tags what the NIC's filter does
 * for those that are served.
 *
 * <p>May import: {@code link}, {@code bridge}, {@code vlan}, and the scripts' logs and files.
 */
package org.passerelle.scripts.trunk;
