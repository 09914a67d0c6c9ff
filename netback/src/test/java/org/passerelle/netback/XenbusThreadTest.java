package org.passerelle.netback;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.passerelle.hypervisor.DomainContext;
import org.passerelle.hypervisor.xenstore.XenStore;
import org.passerelle.netback.testing.Host;

/** How much others can make the thread do. */
@Timeout(60)
class XenbusThreadTest {
  private static final int WRITES = 3000;

  private final CountDownLatch release = new CountDownLatch(1);
  private final AtomicInteger looks = new AtomicInteger();

  /** The thread is busy until {@link #release}. */
  private void block(XenbusThread xenbus) {
    xenbus.execute(
        () -> {
          try {
            release.await();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });
  }

  @Test
  void aCommandIsInLineOnceAndAgainWhenItHasRun() {
    try (XenbusThread xenbus = new XenbusThread()) {
      Runnable command = xenbus.onceInLine(looks::incrementAndGet);
      block(xenbus);
      for (int i = 0; i < WRITES; i++) {
        command.run();
      }
      release.countDown();
      xenbus.run(() -> {});
      assertThat(looks).hasValue(1);
      command.run();
      xenbus.run(() -> {});
      assertThat(looks).hasValue(2);
    }
  }

  @Test
  void aChangeWhileTheCommandRunsIsLookedAtAgain() {
    try (XenbusThread xenbus = new XenbusThread()) {
      AtomicInteger runs = new AtomicInteger();
      Runnable[] self = new Runnable[1];
      self[0] =
          xenbus.onceInLine(
              () -> {
                if (runs.incrementAndGet() == 1) {
                  self[0].run();
                }
              });
      self[0].run();
      Host.await(() -> "runs " + runs, () -> runs.get() == 2);
    }
  }

  /** XSA-349: a guest writes its state as often as it likes while the host is busy. */
  @Test
  void aGuestsWritesAreLookedAtOnce(@TempDir Path directory) {
    try (Host host = new Host(directory)) {
      DomainContext guest = host.domain();
      String node = Host.frontendPath(guest.id()) + "/state";
      DomainContext dom0 = counting(host.hypervisor.dom0(), node);
      try (NetbackDriver driver = new NetbackDriver(dom0, host::device, host.plane, host.xenbus)) {
        host.makeVif(guest.id());
        host.awaitBackend(guest.id(), "2");
        host.settle();
        block(host.xenbus);
        looks.set(0);
        for (int i = 0; i < WRITES; i++) {
          guest.store().write("device/vif/0/state", "3");
        }
        host.settle();
        release.countDown();
        Host.await(() -> "looks " + looks, () -> looks.get() > 0);
        assertThat(driver.status()).hasSize(1);
        assertThat(looks).hasValueLessThanOrEqualTo(2);
      }
    }
  }

  /** A domain whose reads of one node are counted. */
  private DomainContext counting(DomainContext domain, String node) {
    XenStore store = domain.store();
    XenStore counted =
        proxy(
            XenStore.class,
            (proxy, method, arguments) -> {
              if (method.getName().startsWith("read") && node.equals(arguments[0])) {
                looks.incrementAndGet();
              }
              return pass(store, method, arguments);
            });
    return proxy(
        DomainContext.class,
        (proxy, method, arguments) ->
            method.getName().equals("store") ? counted : pass(domain, method, arguments));
  }

  private static <T> T proxy(Class<T> type, InvocationHandler handler) {
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
  }

  private static Object pass(Object target, Method method, Object[] arguments) throws Throwable {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
