package org.passerelle.link.rtnl;

import java.util.List;

/** A veth pair; {@code peer} is the other end's name. */
public record VethKind(String peer) implements LinkKind {

  @Override
  public String name() {
    return "veth";
  }

  @Override
  public List<RawAttribute> data() {
    throw new UnsupportedOperationException();
  }

  @Override
  public String ipArguments() {
    return "peer name " + peer;
  }
}
