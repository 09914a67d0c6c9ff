package org.passerelle.link.os;

/** What to do about an errno, where we know. */
final class Remedies {
  static final String DESCRIPTORS = "raise the limit of open files (ulimit -n)";
  static final String LINK_GONE = "the link was deleted; make it again";

  private Remedies() {}

  static String file(int errno) {
    return switch (errno) {
      case Errno.EPERM, Errno.EACCES -> "run it as root";
      case Errno.EROFS -> "mount it for writing, or name another directory";
      default -> "";
    };
  }

  static String openTun(int errno) {
    return switch (errno) {
      case Errno.ENOENT -> "load the driver (modprobe tun) or make the device node (c 10 200)";
      case Errno.EPERM, Errno.EACCES -> "run as root, or use veth links with packet sockets";
      case Errno.ENXIO, Errno.ENODEV -> "the kernel has no tun driver: modprobe tun";
      case Errno.EMFILE, Errno.ENFILE -> DESCRIPTORS;
      default -> "";
    };
  }

  static String makeTap(int errno) {
    return switch (errno) {
      case Errno.EPERM -> "needs CAP_NET_ADMIN in this network namespace: run as root";
      case Errno.EBUSY -> "a link of this name exists: delete it or choose another name";
      case Errno.EINVAL -> "not a name for a link, or one that is in use";
      default -> "";
    };
  }

  static String attachTap(int errno) {
    return errno == Errno.EBUSY ? "somebody else has its other end" : makeTap(errno);
  }

  static String ingress(int errno, String kernelText) {
    return switch (errno) {
      case Errno.EEXIST -> "the link has filters of somebody else's (tc qdisc show); remove them";
      default -> kernelText;
    };
  }

  static String packetSocket(int errno) {
    return switch (errno) {
      case Errno.EPERM ->
          "needs CAP_NET_RAW in this network namespace: run as root or in a user namespace";
      case Errno.ENODEV, Errno.ENXIO -> "no link of this name in this network namespace";
      case Errno.EMFILE, Errno.ENFILE -> DESCRIPTORS;
      default -> "";
    };
  }
}
