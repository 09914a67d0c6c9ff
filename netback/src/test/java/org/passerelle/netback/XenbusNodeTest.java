package org.passerelle.netback;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Proxy;
import org.junit.jupiter.api.Test;
import org.passerelle.hypervisor.xenstore.StoreException;
import org.passerelle.hypervisor.xenstore.XenStore;

class XenbusNodeTest {

  /** A directory in a store that answers everything with this error. */
  private static XenbusNode refusing(String error) {
    XenStore store =
        (XenStore)
            Proxy.newProxyInstance(
                XenStore.class.getClassLoader(),
                new Class<?>[] {XenStore.class},
                (proxy, method, arguments) -> {
                  throw new StoreException(method.getName(), error);
                });
    return new XenbusNode(store, "backend/vif/1/0");
  }

  @Test
  void aNodeThatIsGoneAlreadyNeedNotBeRemoved() {
    assertThatCode(() -> refusing("ENOENT").remove("hotplug-status")).doesNotThrowAnyException();
  }

  @Test
  void anyOtherRefusalIsTold() {
    assertThatThrownBy(() -> refusing("EACCES").remove("hotplug-status"))
        .hasMessageContaining("EACCES");
  }
}
