package org.passerelle.hypervisor.xenstore.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import org.passerelle.hypervisor.xenstore.StoreException;

/** A store to work on, with what its operations answer as short text. */
final class TreeFixture {
  final Store store;

  TreeFixture(Quotas quotas) {
    store = new Store(quotas);
  }

  TreeFixture() {
    this(Quotas.DEFAULT);
  }

  /** A node with these permissions, as dom0 makes it. */
  TreeFixture node(String path, String... permissions) {
    dom0(nodes -> nodes.write(StorePath.of(path), octets("v")));
    dom0(nodes -> nodes.setPermissions(StorePath.of(path), permissions(permissions)));
    return this;
  }

  void dom0(Consumer<NodeOperations> work) {
    assertThat(as(Principal.DOM0, work)).isEqualTo("ok");
  }

  /** Does and commits it: "ok", or the error's name, and then nothing has changed. */
  String as(Principal who, Consumer<NodeOperations> work) {
    Transaction transaction = store.immediate();
    String answer = within(transaction, who, work);
    if (answer.equals("ok")) {
      store.commit(transaction, who);
    } else {
      assertThat(transaction.hasChanges()).as("changes in spite of " + answer).isFalse();
    }
    return answer;
  }

  String within(Transaction transaction, Principal who, Consumer<NodeOperations> work) {
    StoreException refused =
        catchThrowableOfType(
            StoreException.class, () -> work.accept(store.operations(transaction, who)));
    return refused == null ? "ok" : refused.error();
  }

  /** "ok" or the error's name. */
  String commit(Transaction transaction, Principal who) {
    StoreException refused =
        catchThrowableOfType(StoreException.class, () -> store.commit(transaction, who));
    return refused == null ? "ok" : refused.error();
  }

  boolean has(String path) {
    return store.current().find(StorePath.of(path)).isPresent();
  }

  static NodePermissions permissions(String... entries) {
    return NodePermissions.parse(List.of(entries));
  }

  static byte[] octets(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
