package org.passerelle.hypervisor.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.passerelle.hypervisor.xenstore.XenStore;
import org.passerelle.hypervisor.xenstore.XenStore.Permissions;
import org.passerelle.hypervisor.xenstore.XenStore.WatchEvent;

/** All that a client of ours can ask, of whatever daemon over whatever transport. */
public final class ClientCheck {
  private ClientCheck() {}

  /**
   * @param store the one that is checked
   * @param other another connection to the same daemon, for what comes between
   */
  public static void all(XenStore store, XenStore other) throws InterruptedException {
    nodes(store);
    permissionsAndErrors(store);
    bigDirectory(store);
    transaction(store, other);
    watch(store, other);
  }

  private static void nodes(XenStore store) {
    store.write("/a/b", "grüße");
    store.mkdir("/a/empty");
    store.mkdir("/a/b");
    assertThat(store.read("/a/b")).isEqualTo("grüße");
    assertThat(store.read("/a/empty")).isEmpty();
    assertThat(store.readIfPresent("/a/none")).isEmpty();
    assertThat(store.list("/a")).containsExactly("b", "empty");
    store.write("backend/vif/1/0/hotplug-status", "connected");
    assertThat(store.list("/local/domain/0/backend/vif")).containsExactly("1");
    store.write("/long", "x".repeat(4000));
    assertThat(store.read("/long")).hasSize(4000);
    store.remove("/a/empty");
    store.remove("/a/empty");
    assertThat(store.list("/a")).containsExactly("b");
  }

  private static void permissionsAndErrors(XenStore store) {
    store.setPermissions("/a/b", new Permissions(List.of("r0", "n0")));
    assertThat(store.permissions("/a/b").entries()).containsExactly("r0", "n0");
    assertThatThrownBy(() -> store.read("/bad path")).hasMessage("read /bad path: EINVAL");
    assertThatThrownBy(() -> store.read("/none")).hasMessage("read /none: ENOENT");
    assertThatThrownBy(() -> store.remove("/none/below")).hasMessage("rm /none/below: ENOENT");
  }

  /** Longer than one answer holds. */
  private static void bigDirectory(XenStore store) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      names.add("a-child-of-some-length-" + i);
      store.mkdir("/many/" + names.getLast());
    }
    assertThat(store.list("/many")).isEqualTo(names);
    store.remove("/many");
    assertThat(store.readIfPresent("/many")).isEmpty();
  }

  /** The other comes between: EAGAIN, and again from the start. */
  private static void transaction(XenStore store, XenStore other) {
    store.write("/n", "0");
    List<String> seen = new ArrayList<>();
    store.transaction(
        inside -> {
          seen.add(inside.read("/n"));
          if (seen.size() == 1) {
            other.write("/n", "1");
          }
          inside.write("/n", seen.getLast() + "!");
          return null;
        });
    assertThat(seen).containsExactly("0", "1");
    assertThat(store.read("/n")).isEqualTo("1!");
    assertThatThrownBy(() -> store.transaction(inside -> inside.read("/none")))
        .hasMessage("read /none: ENOENT");
  }

  private static void watch(XenStore store, XenStore other) throws InterruptedException {
    BlockingQueue<WatchEvent> events = new LinkedBlockingQueue<>();
    XenStore.Watch watch = store.watch("/n", "mine", events::add);
    assertThat(events.poll(10, TimeUnit.SECONDS)).isEqualTo(new WatchEvent("/n", "mine"));
    other.write("/n/below", "1");
    assertThat(events.poll(10, TimeUnit.SECONDS)).isEqualTo(new WatchEvent("/n/below", "mine"));
    watch.close();
    other.write("/n/below", "2");
    assertThat(store.read("/n/below")).isEqualTo("2");
    assertThat(events).isEmpty();
  }
}
