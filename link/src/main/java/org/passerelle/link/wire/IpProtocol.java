package org.passerelle.link.wire;

/** The IP protocol and extension-header numbers that we look into (IANA "Protocol Numbers"). */
public final class IpProtocol {
  static final int HOP_BY_HOP = 0;
  public static final int ICMP = 1;
  public static final int TCP = 6;
  public static final int UDP = 17;
  static final int ROUTING = 43;
  static final int FRAGMENT = 44;
  static final int AUTHENTICATION = 51;
  public static final int ICMPV6 = 58;
  static final int DESTINATION_OPTIONS = 60;

  private IpProtocol() {}
}
