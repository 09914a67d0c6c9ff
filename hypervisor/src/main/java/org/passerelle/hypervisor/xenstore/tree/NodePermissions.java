package org.passerelle.hypervisor.xenstore.tree;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.passerelle.hypervisor.xenstore.StoreException;

/**
 * A node's permissions. The first entry names the owner, who may do all, and what a domain may that
 * no later entry names; of the later ones the first that names a domain decides for it.
 */
public record NodePermissions(List<Entry> entries) {
  /** What a fresh store's first nodes have: dom0's, nobody else's. */
  static final NodePermissions OF_DOM0 = new NodePermissions(List.of(new Entry(Access.NONE, 0)));

  private static final Pattern ENTRY = Pattern.compile("([nrwb])([0-9]{1,5})");
  private static final int HIGHEST_DOMAIN = 0xFFFF;

  public NodePermissions {
    entries = List.copyOf(entries);
    if (entries.isEmpty()) {
      throw new StoreException("permissions without an owner", "EINVAL");
    }
  }

  /** One entry, such as {@code r5}. */
  public record Entry(Access access, int domain) {
    static Entry parse(String text) {
      Matcher matcher = ENTRY.matcher(text);
      if (!matcher.matches() || Integer.parseInt(matcher.group(2)) > HIGHEST_DOMAIN) {
        throw new StoreException("permission " + text.replaceAll("[^ -~]", "?"), "EINVAL");
      }
      Access access = Access.of(text.charAt(0)).orElseThrow();
      return new Entry(access, Integer.parseInt(matcher.group(2)));
    }

    @Override
    public String toString() {
      return "" + access.letter() + domain;
    }
  }

  /** Entries as the protocol writes them; the first is owner and default. */
  public static NodePermissions parse(List<String> entries) {
    return new NodePermissions(entries.stream().map(Entry::parse).toList());
  }

  public List<String> strings() {
    return entries.stream().map(Entry::toString).toList();
  }

  public int owner() {
    return entries.getFirst().domain();
  }

  boolean isOwner(Principal who) {
    return who.isPrivileged() || who.is(owner());
  }

  public boolean mayRead(Principal who) {
    return isOwner(who) || accessOf(who).read();
  }

  boolean mayWrite(Principal who) {
    return isOwner(who) || accessOf(who).write();
  }

  /** What a new child has: the same, but whoever is not privileged owns what it makes. */
  NodePermissions inheritedBy(Principal who) {
    return who.isPrivileged() || owner() == who.domain() ? this : ownedBy(who.domain());
  }

  /** The same without the entries that name a domain which is gone, save for the owner's. */
  NodePermissions without(int domain) {
    List<Entry> kept = new ArrayList<>(entries);
    kept.subList(1, kept.size()).removeIf(entry -> entry.domain() == domain);
    return kept.size() == entries.size() ? this : new NodePermissions(kept);
  }

  private NodePermissions ownedBy(int domain) {
    List<Entry> changed = new ArrayList<>(entries);
    changed.set(0, new Entry(entries.getFirst().access(), domain));
    return new NodePermissions(changed);
  }

  private Access accessOf(Principal who) {
    for (Entry entry : entries.subList(1, entries.size())) {
      if (who.is(entry.domain())) {
        return entry.access();
      }
    }
    return entries.getFirst().access();
  }
}
