package org.passerelle.link.rtnl;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.passerelle.link.list.Lists;
import org.passerelle.link.netlink.Attribute;
import org.passerelle.link.netlink.Attributes;
import org.passerelle.link.netlink.NetlinkMessage;

/**
 * A link with all that a {@link LinkChange} can change of it. The kernel applies a change step by
 * step and stops at the first that fails ("with some changes committed already", as it logs itself,
 * do_setlink in net/core/rtnetlink.c); from two snapshots comes the change that puts back what was
 * done.
 */
public record LinkSnapshot(Link link, OptionalInt gsoMaxSize) {

  /** Reads an RTM_NEWLINK. */
  public static LinkSnapshot parse(NetlinkMessage message) {
    Attributes attributes = message.attributes(LinkAttribute.STRUCT);
    Optional<Attribute> gso = attributes.find(LinkAttribute.GSO_MAX_SIZE);
    return new LinkSnapshot(
        LinkMessages.parse(message, attributes),
        gso.isPresent() ? OptionalInt.of(gso.get().u32()) : OptionalInt.empty());
  }

  /**
   * What puts the link back from {@code now} to this, as far as {@code asked} touched it. Where the
   * master is to be put back, the change says so by an empty name: its number is in {@link #link}.
   * IPv6's mode is left to the caller.
   */
  public LinkChange undo(LinkSnapshot now, LinkChange asked) {
    Link then = link;
    Link after = now.link;
    LinkChange.Builder undo = LinkChange.builder();
    if (asked.name().isPresent() && !then.name().equals(after.name())) {
      undo.name(then.name());
    }
    if (asked.mac().isPresent() && !then.mac().equals(after.mac())) {
      undo.mac(then.mac());
    }
    if (asked.mtu().isPresent() && then.mtu() != after.mtu()) {
      undo.mtu(then.mtu());
    }
    if (asked.master().isPresent() && then.master() != after.master()) {
      undo.master("");
    }
    undoFlags(after, asked, undo);
    undoMarks(now, asked, undo);
    return undo.build();
  }

  private void undoFlags(Link after, LinkChange asked, LinkChange.Builder undo) {
    int changed = link.flags() ^ after.flags();
    if (asked.up().isPresent() && (changed & LinkFlags.UP) != 0) {
      undo.up(link.isUp());
    }
    if (asked.arp().isPresent() && (changed & LinkFlags.NOARP) != 0) {
      undo.arp((link.flags() & LinkFlags.NOARP) == 0);
    }
    if (asked.multicast().isPresent() && (changed & LinkFlags.MULTICAST) != 0) {
      undo.multicast((link.flags() & LinkFlags.MULTICAST) != 0);
    }
  }

  private void undoMarks(LinkSnapshot now, LinkChange asked, LinkChange.Builder undo) {
    Link after = now.link;
    if (asked.alias().isPresent() && !link.alias().equals(after.alias())) {
      undo.alias(link.alias());
    }
    if (asked.group().isPresent() && link.group() != after.group()) {
      undo.group(link.group());
    }
    if (asked.gsoMaxSize().isPresent() && !gsoMaxSize.equals(now.gsoMaxSize)) {
      undo.gsoMaxSize(gsoMaxSize.getAsInt());
    }
    if (asked.kind().isPresent() && !link.data().equals(after.data())) {
      undo.kind(new Settings(link.kind(), settings(asked.kind().get())));
    }
  }

  private List<RawAttribute> settings(LinkKind asked) {
    List<Integer> types = Lists.map(asked.data(), RawAttribute::type);
    return Lists.filter(link.data(), old -> types.contains(old.type()));
  }

  /** Settings of a kind that this class need not understand. */
  private record Settings(String name, List<RawAttribute> data) implements LinkKind {
    @Override
    public String ipArguments() {
      return data.toString();
    }
  }
}
