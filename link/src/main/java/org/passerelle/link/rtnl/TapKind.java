package org.passerelle.link.rtnl;

import java.util.List;

/**
 * A tap that stays when nobody has its other end: it is made by the tun driver ({@code link.os}),
 * not by RTM_NEWLINK, and goes when it is deleted. Whoever serves it can end and come again; what
 * it was a port of, its addresses and its marks stay meanwhile, and it has no carrier.
 */
public record TapKind() implements LinkKind {
  public static final String NAME = "tun";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public List<RawAttribute> data() {
    return List.of();
  }

  @Override
  public String ipArguments() {
    return "mode tap vnet_hdr";
  }
}
