package org.passerelle.hypervisor.xenstore;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * One connection to XenStore, with the rights of the domain that it belongs to. Relative paths
 * begin at that domain's own directory, {@code /local/domain/<domid>}.
 *
 * <p>Calls may come from any thread; watch events are delivered on the store's thread, one at a
 * time, and the callback must not block or call the store synchronously: hand the event over.
 *
 * <p>Errors are {@link StoreException} with XenStore's error name, the operation and the path.
 */
public interface XenStore extends StoreOperations, AutoCloseable {

  /**
   * Runs {@code work} in a transaction and commits it; runs it again, from the start, as often as
   * the store answers EAGAIN. An exception aborts the transaction and is passed on.
   */
  <T> T transaction(Function<StoreOperations, T> work);

  /**
   * Watches a path and all below it. Fires once at once, with the path itself; then for each
   * committed change.
   */
  Watch watch(String path, String token, Consumer<WatchEvent> onEvent);

  /** A watch in force; closing it ends it. */
  interface Watch extends AutoCloseable {
    @Override
    void close();
  }

  /** A changed path (as the watcher spelled its prefix) and the watch's token. */
  record WatchEvent(String path, String token) {}

  @Override
  void close();

  /**
   * Permissions as the protocol writes them, {@code n0}, {@code r5}, …; the first is owner and
   * default.
   */
  record Permissions(List<String> entries) {}
}
