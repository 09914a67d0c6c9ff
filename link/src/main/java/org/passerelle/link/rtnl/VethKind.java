package org.passerelle.link.rtnl;

import java.util.List;
import java.util.OptionalInt;
import org.passerelle.link.netlink.NetlinkWriter;

/**
 * A veth pair.
 *
 * @param peer the other end's name
 * @param peerGroup the other end's group number from birth; 0 for none
 * @param peerNamespace a descriptor of the network namespace where the other end is born
 */
public record VethKind(String peer, int peerGroup, OptionalInt peerNamespace) implements LinkKind {
  /** VETH_INFO_PEER (linux/veth.h): an ifinfomsg, then the peer's own IFLA_* attributes. */
  private static final int PEER = 1;

  public VethKind(String peer) {
    this(peer, 0, OptionalInt.empty());
  }

  /** The other end is born in the namespace of this descriptor. */
  public VethKind withPeerIn(int namespace) {
    return new VethKind(peer, peerGroup, OptionalInt.of(namespace));
  }

  @Override
  public VethKind inGroup(int group) {
    return new VethKind(peer, group, peerNamespace);
  }

  @Override
  public String name() {
    return "veth";
  }

  @Override
  public List<RawAttribute> data() {
    NetlinkWriter writer = new NetlinkWriter();
    writer.octets(new byte[LinkAttribute.STRUCT]);
    if (peerGroup != 0) {
      writer.attribute32(LinkAttribute.GROUP, peerGroup);
    }
    if (peerNamespace.isPresent()) {
      writer.attribute32(LinkAttribute.NET_NS_FD, peerNamespace.getAsInt());
    }
    writer.text(LinkAttribute.IFNAME, peer);
    return List.of(new RawAttribute(PEER, writer.toBytes()));
  }

  @Override
  public String ipArguments() {
    return "peer name " + peer + (peerGroup == 0 ? "" : " group " + peerGroup);
  }
}
