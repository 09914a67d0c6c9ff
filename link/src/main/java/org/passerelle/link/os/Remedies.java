package org.passerelle.link.os;

/** What to do about an errno, where we know. */
final class Remedies {
  static final String DESCRIPTORS = "raise the limit of open files (ulimit -n)";
  static final String LINK_GONE = "the link was deleted; make it again";

  private static final int EPERM = 1;
  private static final int ENOENT = 2;
  private static final int EACCES = 13;
  private static final int EBUSY = 16;
  private static final int EINVAL = 22;
  private static final int EMFILE = 24;
  private static final int ENFILE = 23;

  private Remedies() {}

  static String openTun(int errno) {
    return switch (errno) {
      case ENOENT -> "load the driver (modprobe tun) or make the device node (c 10 200)";
      case EPERM, EACCES -> "run as root, or use veth links with packet sockets";
      case NativeIo.ENXIO, NativeIo.ENODEV -> "the kernel has no tun driver: modprobe tun";
      case EMFILE, ENFILE -> DESCRIPTORS;
      default -> "";
    };
  }

  static String makeTap(int errno) {
    return switch (errno) {
      case EPERM -> "needs CAP_NET_ADMIN in this network namespace: run as root";
      case EBUSY -> "a link of this name exists: delete it or choose another name";
      case EINVAL -> "not a name for a link, or one that is in use";
      default -> "";
    };
  }

  static String packetSocket(int errno) {
    return switch (errno) {
      case EPERM ->
          "needs CAP_NET_RAW in this network namespace: run as root or in a user namespace";
      case NativeIo.ENODEV, NativeIo.ENXIO -> "no link of this name in this network namespace";
      case EMFILE, ENFILE -> DESCRIPTORS;
      default -> "";
    };
  }
}
