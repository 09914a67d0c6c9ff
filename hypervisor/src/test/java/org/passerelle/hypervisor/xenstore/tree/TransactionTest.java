package org.passerelle.hypervisor.xenstore.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.passerelle.hypervisor.xenstore.tree.TreeFixture.octets;
import static org.passerelle.hypervisor.xenstore.tree.TreeFixture.permissions;

import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TransactionTest {
  private final TreeFixture tree =
      new TreeFixture().node("/a", "n0").node("/b", "n0").node("/a/x", "n0");

  /** What a transaction does, what is done outside meanwhile, and how the commit ends. */
  record Meeting(
      String what, Consumer<NodeOperations> inside, Consumer<NodeOperations> outside, String end) {
    @Override
    public String toString() {
      return what;
    }
  }

  private static StorePath at(String path) {
    return StorePath.of(path);
  }

  private static Consumer<NodeOperations> write(String path) {
    return nodes -> nodes.write(at(path), octets("new"));
  }

  private static Consumer<NodeOperations> read(String path) {
    return nodes -> nodes.read(at(path));
  }

  private static Consumer<NodeOperations> remove(String path) {
    return nodes -> nodes.remove(at(path));
  }

  static List<Meeting> meetings() {
    return List.of(
        new Meeting("read, another node written", read("/a"), write("/b"), "ok"),
        new Meeting("read, the same written", read("/a"), write("/a"), "EAGAIN"),
        new Meeting("read, the same removed", read("/a"), remove("/a"), "EAGAIN"),
        new Meeting("read, a child written", read("/a"), write("/a/x"), "ok"),
        new Meeting("read, a child added", read("/a"), write("/a/new"), "EAGAIN"),
        new Meeting("read, a child removed", read("/a"), remove("/a/x"), "EAGAIN"),
        new Meeting("absent, then made", read("/new"), write("/new"), "EAGAIN"),
        new Meeting("absent, another made", read("/new"), write("/other"), "ok"),
        new Meeting("written, the same written", write("/a"), write("/a"), "EAGAIN"),
        new Meeting("written, another written", write("/a"), write("/b"), "ok"),
        new Meeting("made, a sister made", write("/a/n"), write("/a/m"), "EAGAIN"),
        new Meeting("made, elsewhere made", write("/a/n"), write("/b/m"), "ok"),
        new Meeting("removed, one below written", remove("/a"), write("/a/x"), "EAGAIN"),
        new Meeting("removed, one below made", remove("/a"), write("/a/x/n"), "EAGAIN"),
        new Meeting("removed, another written", remove("/a/x"), write("/b"), "ok"),
        new Meeting(
            "read, permissions set",
            read("/a"),
            nodes -> nodes.setPermissions(at("/a"), permissions("r0")),
            "EAGAIN"),
        new Meeting("written, only read outside", write("/a"), read("/a"), "ok"));
  }

  @ParameterizedTest
  @MethodSource("meetings")
  void commits(Meeting meeting) {
    Transaction transaction = tree.store.begin();
    tree.within(transaction, Principal.DOM0, meeting.inside());
    tree.dom0(meeting.outside());
    assertThat(tree.commit(transaction, Principal.DOM0)).isEqualTo(meeting.end());
  }

  @Test
  void itSeesTheTreeAsItWasAndItsOwnChanges() {
    Transaction transaction = tree.store.begin();
    tree.dom0(write("/b"));
    tree.dom0(remove("/a"));
    tree.within(transaction, Principal.DOM0, write("/a/x/y"));
    NodeOperations inside = tree.store.operations(transaction, Principal.DOM0);
    assertThat(inside.read(at("/b")).value()).isEqualTo(octets("v"));
    assertThat(inside.read(at("/a")).childNames()).containsExactly("x");
    assertThat(inside.read(at("/a/x/y")).value()).isEqualTo(octets("new"));
    assertThat(tree.has("/a")).isFalse();
  }

  @Test
  void aNodeRemovedAndMadeAgainHasNoneOfItsChildren() {
    Transaction transaction = tree.store.begin();
    tree.within(transaction, Principal.DOM0, remove("/a"));
    tree.within(transaction, Principal.DOM0, write("/a/y"));
    tree.dom0(write("/b")); // Somebody was here: the changes are made anew on another tree.
    assertThat(tree.commit(transaction, Principal.DOM0)).isEqualTo("ok");
    assertThat(tree.store.current().find(at("/a")).orElseThrow().childNames()).containsExactly("y");
    assertThat(tree.store.current().find(at("/b")).orElseThrow().value()).isEqualTo(octets("new"));
  }

  @Test
  void eventsComeInTheOrderOfTheChangesEachOnce() {
    Transaction transaction = tree.store.begin();
    tree.within(transaction, Principal.DOM0, write("/b"));
    tree.within(transaction, Principal.DOM0, remove("/a"));
    tree.within(transaction, Principal.DOM0, write("/b"));
    Commit commit = tree.store.commit(transaction, Principal.DOM0);
    assertThat(commit.events().toString()).isEqualTo("{/b=false, /a/x=true, /a=false}");
  }

  @Test
  void whatADomainOwnedGoesWithItAndItsNameToo() {
    tree.node("/own", "n5")
        .node("/own/kept-by-dom0", "n0")
        .node("/list", "n0", "r5", "r6")
        .node("/other", "n6", "r5");
    tree.dom0(n -> n.setPermissions(StorePath.RELEASE_DOMAIN, permissions("n0", "r5")));
    tree.dom0(n -> n.setPermissions(StorePath.INTRODUCE_DOMAIN, permissions("n5")));
    Commit commit = tree.store.forget(5);
    assertThat(tree.has("/own")).isFalse();
    assertThat(permissionsOf("/list")).containsExactly("n0", "r6");
    assertThat(permissionsOf("/other")).containsExactly("n6");
    assertThat(permissionsOf("@releaseDomain")).containsExactly("n0");
    assertThat(permissionsOf("@introduceDomain")).containsExactly("n0");
    assertThat(commit.events().toString()).isEqualTo("{/own/kept-by-dom0=true, /own=false}");
    assertThat(tree.store.current().nodesOf(5)).isZero();
    assertThat(tree.store.current().octetsOf(5)).isZero();
  }

  private List<String> permissionsOf(String path) {
    return tree.store.current().find(at(path)).orElseThrow().permissions().strings();
  }
}
