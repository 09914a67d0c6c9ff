package org.passerelle.link.os;

import java.util.Optional;
import org.passerelle.link.rtnl.KernelException;

/**
 * The settings of the namespace that this was made in, whichever thread asks later. A thread of
 * another namespace would be shown that one's; the maker need not be sent there for each.
 */
final class OwnSysctl implements AutoCloseable {
  private final Thread maker;
  private final Namespace namespace;

  private OwnSysctl(Thread maker, Namespace namespace) {
    this.maker = maker;
    this.namespace = namespace;
  }

  /** Those of the calling thread's namespace, in which it stays. */
  static OwnSysctl here() {
    return new OwnSysctl(Thread.currentThread(), Namespace.current());
  }

  private Sysctl settings() {
    return Thread.currentThread() == maker ? Sysctl.here() : Sysctl.in(namespace);
  }

  /** Empty when there is none of this name. */
  Optional<String> read(String key) {
    try {
      return Optional.of(settings().read(key));
    } catch (KernelException e) {
      if (e.errno() == Errno.ENOENT) {
        return Optional.empty();
      }
      throw e;
    }
  }

  void write(String key, String value) {
    settings().write(key, value);
  }

  @Override
  public void close() {
    namespace.close();
  }
}
