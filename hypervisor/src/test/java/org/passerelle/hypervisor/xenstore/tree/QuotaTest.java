package org.passerelle.hypervisor.xenstore.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.passerelle.hypervisor.xenstore.tree.TreeFixture.octets;
import static org.passerelle.hypervisor.xenstore.tree.TreeFixture.permissions;

import org.junit.jupiter.api.Test;

class QuotaTest {
  private static final Principal GUEST = Principal.of(5);
  private static final int NODES = 10;
  private static final int MEMORY = 700;

  /** Nodes 10, node size 100, permissions 3, path 40, memory 700, nodes in a transaction 8. */
  private final TreeFixture tree =
      new TreeFixture(new Quotas(NODES, 100, 3, 40, MEMORY, 4, 3, 8, 20)).node("/g", "n5");

  private String write(String path, int length) {
    return tree.as(GUEST, nodes -> nodes.write(StorePath.of(path), new byte[length]));
  }

  @Test
  void nodes() {
    for (int i = 1; i < NODES; i++) {
      assertThat(write("/g/" + i, 1)).isEqualTo("ok");
    }
    assertThat(tree.store.current().nodesOf(5)).isEqualTo(NODES);
    assertThat(write("/g/more", 1)).isEqualTo("ENOSPC");
    assertThat(write("/g/1", 2)).as("an old node may still be written").isEqualTo("ok");
    assertThat(tree.as(GUEST, nodes -> nodes.remove(StorePath.of("/g/1")))).isEqualTo("ok");
    assertThat(write("/g/more", 1)).isEqualTo("ok");
  }

  @Test
  void aPathOfWhichOnlyAPartWouldFitIsNotMadeAtAll() {
    for (int i = 2; i < NODES; i++) {
      assertThat(write("/g/" + i, 1)).isEqualTo("ok");
    }
    assertThat(write("/g/a/b", 1)).isEqualTo("ENOSPC");
    assertThat(tree.has("/g/a")).isFalse();
    assertThat(tree.store.current().nodesOf(5)).isEqualTo(NODES - 1);
  }

  @Test
  void sizeOfANode() {
    // 16 octets of header, 8 of its one permission: 76 are left.
    assertThat(write("/g/a", 76)).isEqualTo("ok");
    assertThat(write("/g/a", 77)).isEqualTo("ENOSPC");
    // The names of its children count with a node: 76 octets again, each name with its NUL.
    assertThat(write("/g/" + "x".repeat(35), 0)).isEqualTo("ok");
    assertThat(write("/g/" + "y".repeat(35), 0)).isEqualTo("ok");
    assertThat(write("/g/z", 0)).isEqualTo("ENOSPC");
  }

  @Test
  void permissions3() {
    StorePath path = StorePath.of("/g");
    assertThat(tree.as(GUEST, n -> n.setPermissions(path, permissions("n5", "r1", "r2"))))
        .isEqualTo("ok");
    assertThat(tree.as(GUEST, n -> n.setPermissions(path, permissions("n5", "r1", "r2", "r3"))))
        .isEqualTo("ENOSPC");
  }

  @Test
  void path() {
    assertThat(write("/g/" + "x".repeat(37), 0)).isEqualTo("ok");
    assertThat(write("/g/" + "x".repeat(38), 0)).isEqualTo("EINVAL");
    tree.node("/local/domain/5", "n5");
    assertThat(write("/local/domain/5/" + "x".repeat(40), 0)).isEqualTo("ok");
    assertThat(write("/local/domain/5/" + "x".repeat(41), 0)).isEqualTo("EINVAL");
  }

  @Test
  void memory() {
    int made = 0;
    while (write("/g/" + made, 76).equals("ok")) {
      made++;
    }
    assertThat(write("/g/z", 76)).isEqualTo("ENOMEM");
    assertThat(tree.store.current().nodesOf(5)).isLessThan(NODES);
    assertThat(tree.store.current().octetsOf(5)).isBetween(MEMORY - 110L, (long) MEMORY);
  }

  @Test
  void whatIsAccountedForIsWhatIsThere() {
    long empty = tree.store.current().octetsOf(5);
    write("/g/a/b", 10);
    // "/g/a": 4 + 16 + 8; "/g/a/b": 6 + 16 + 8 + 10.
    assertThat(tree.store.current().octetsOf(5) - empty).isEqualTo(28 + 40);
    tree.as(GUEST, nodes -> nodes.remove(StorePath.of("/g/a")));
    assertThat(tree.store.current().octetsOf(5)).isEqualTo(empty);
    assertThat(tree.store.current().nodesOf(5)).isEqualTo(1);
  }

  @Test
  void aTransactionThatLooksAtTooMuchFailsAsAWhole() {
    Transaction transaction = tree.store.begin();
    int looked = 0;
    String answer = "ENOENT";
    while (answer.equals("ENOENT")) {
      StorePath path = StorePath.of("/g/" + looked++);
      answer = tree.within(transaction, GUEST, nodes -> nodes.read(path));
    }
    assertThat(answer).isEqualTo("ENOSPC");
    assertThat(looked).isBetween(7, 8);
    assertThat(tree.commit(transaction, GUEST)).isEqualTo("ENOMEM");
  }

  @Test
  void transactionsThatTogetherWouldBeTooMuch() {
    tree.node("/g/a", "n5").node("/g/b", "n5");
    Transaction one = tree.store.begin();
    Transaction two = tree.store.begin();
    for (int i = 0; i < 4; i++) {
      StorePath inA = StorePath.of("/g/a/" + i);
      StorePath inB = StorePath.of("/g/b/" + i);
      assertThat(tree.within(one, GUEST, nodes -> nodes.write(inA, octets("")))).isEqualTo("ok");
      assertThat(tree.within(two, GUEST, nodes -> nodes.write(inB, octets("")))).isEqualTo("ok");
    }
    assertThat(tree.commit(one, GUEST)).isEqualTo("ok");
    assertThat(tree.commit(two, GUEST)).isEqualTo("ENOSPC");
    assertThat(tree.has("/g/b/0")).isFalse();
  }

  @Test
  void dom0IsFree() {
    for (int i = 0; i < 2 * NODES; i++) {
      StorePath path = StorePath.of("/" + "x".repeat(100) + i);
      tree.dom0(nodes -> nodes.write(path, new byte[3000]));
    }
    assertThat(tree.store.current().nodesOf(0)).isGreaterThan(2 * NODES);
  }
}
