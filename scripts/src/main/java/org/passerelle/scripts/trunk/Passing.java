package org.passerelle.scripts.trunk;

import java.util.Set;
import org.passerelle.link.os.Errno;
import org.passerelle.link.rtnl.KernelException;

/** Tells refusals that pass, after which another try may do, from those that stay. */
final class Passing {
  /** What the kernel lacks at times, or somebody else has: memory, room, a tap's end. */
  private static final Set<Integer> ERRNOS =
      Set.of(
          Errno.EINTR,
          Errno.EAGAIN,
          Errno.ENOMEM,
          Errno.EBUSY,
          Errno.ENFILE,
          Errno.EMFILE,
          Errno.ENOSPC,
          Errno.ENETDOWN,
          Errno.ENOBUFS);

  private Passing() {}

  static boolean isOne(KernelException refusal) {
    return ERRNOS.contains(refusal.errno());
  }
}
