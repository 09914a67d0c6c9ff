package org.passerelle.link.rtnl;

/** RTM_* message types and AF_* families (linux/rtnetlink.h, sys/socket.h). */
final class Rtm {
  static final int NEWLINK = 16;
  static final int DELLINK = 17;
  static final int GETLINK = 18;
  static final int NEWADDR = 20;
  static final int DELADDR = 21;
  static final int GETADDR = 22;
  static final int NEWROUTE = 24;
  static final int DELROUTE = 25;
  static final int GETROUTE = 26;
  static final int NEWNEIGH = 28;
  static final int DELNEIGH = 29;
  static final int GETNEIGH = 30;
  static final int NEWQDISC = 36;
  static final int DELQDISC = 37;
  static final int NEWTFILTER = 44;
  static final int DELTFILTER = 45;
  static final int GETTFILTER = 46;
  static final int NEWLINKPROP = 108;

  static final int AF_INET = 2;
  static final int AF_INET6 = 10;

  private Rtm() {}

  static int family(boolean v6) {
    return v6 ? AF_INET6 : AF_INET;
  }

  static boolean isIp(int family) {
    return family == AF_INET || family == AF_INET6;
  }
}
