package org.passerelle.hypervisor.xenstore.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.passerelle.hypervisor.xenstore.tree.TreeFixture.octets;
import static org.passerelle.hypervisor.xenstore.tree.TreeFixture.permissions;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.passerelle.hypervisor.xenstore.StoreException;

/** Who may do what, and which error tells how much. */
class NodeOperationsTest {
  private static final Principal GUEST = Principal.of(5);

  /** Places named by what domain 5 may do there. */
  private static TreeFixture places() {
    return new TreeFixture()
        .node("/none", "n0")
        .node("/read", "n0", "r5")
        .node("/write", "n0", "w5")
        .node("/both", "n0", "b5")
        .node("/own", "n5");
  }

  @ParameterizedTest
  @CsvSource({
    // path,         read,   write,  mkdir,  rm,     get and set permissions
    "/none,          EACCES, EACCES, EACCES, EACCES, EACCES, EACCES",
    "/read,          ok,     EACCES, EACCES, EACCES, ok,     EACCES",
    "/write,         EACCES, ok,     ok,     ok,     EACCES, EACCES",
    "/both,          ok,     ok,     ok,     ok,     ok,     EACCES",
    "/own,           ok,     ok,     ok,     ok,     ok,     ok",
    // An absent node: the nearest one above decides whether that may be known.
    "/none/new,      EACCES, EACCES, EACCES, EACCES, EACCES, EACCES",
    "/read/new,      ENOENT, EACCES, EACCES, EACCES, ENOENT, EACCES",
    "/write/new,     EACCES, ok,     ok,     ok,     EACCES, ENOENT",
    "/own/new,       ENOENT, ok,     ok,     ok,     ENOENT, ENOENT",
    "/own/x/y,       ENOENT, ok,     ok,     ENOENT, ENOENT, ENOENT",
    "/read/x/y,      ENOENT, EACCES, EACCES, EACCES, ENOENT, EACCES",
    // Outside any of its places: the root is dom0's and says no.
    "/elsewhere,     EACCES, EACCES, EACCES, EACCES, EACCES, EACCES",
    "/,              EACCES, EACCES, EACCES, EACCES, EACCES, EACCES",
    // Special nodes have permissions, and nothing else.
    "@releaseDomain, EINVAL, EINVAL, EINVAL, EINVAL, EACCES, EACCES",
  })
  void aGuest(
      String path, String read, String write, String mkdir, String rm, String get, String set) {
    StorePath at = StorePath.of(path);
    assertThat(places().as(GUEST, nodes -> nodes.read(at))).as("read").isEqualTo(read);
    assertThat(places().as(GUEST, nodes -> nodes.write(at, octets("n"))))
        .as("write")
        .isEqualTo(write);
    assertThat(places().as(GUEST, nodes -> nodes.mkdir(at))).as("mkdir").isEqualTo(mkdir);
    assertThat(places().as(GUEST, nodes -> nodes.remove(at))).as("rm").isEqualTo(rm);
    assertThat(places().as(GUEST, nodes -> nodes.permissions(at))).as("get").isEqualTo(get);
    assertThat(places().as(GUEST, nodes -> nodes.setPermissions(at, permissions("n5", "r7"))))
        .as("set")
        .isEqualTo(set);
  }

  @ParameterizedTest
  @CsvSource({
    // path,         read,   write,  mkdir,  rm,     get and set permissions
    "/none,          ok,     ok,     ok,     ok,     ok,     ok",
    "/own,           ok,     ok,     ok,     ok,     ok,     ok",
    "/new,           ENOENT, ok,     ok,     ok,     ENOENT, ENOENT",
    "/x/y/z,         ENOENT, ok,     ok,     ENOENT, ENOENT, ENOENT",
    "/,              ok,     ok,     ok,     EINVAL, ok,     ok",
    "@releaseDomain, EINVAL, EINVAL, EINVAL, EINVAL, ok,     ok",
    "@other,         EINVAL, EINVAL, EINVAL, EINVAL, ENOENT, ENOENT",
  })
  void dom0(
      String path, String read, String write, String mkdir, String rm, String get, String set) {
    StorePath at = StorePath.of(path);
    Principal dom0 = Principal.DOM0;
    assertThat(places().as(dom0, nodes -> nodes.read(at))).as("read").isEqualTo(read);
    assertThat(places().as(dom0, nodes -> nodes.write(at, octets("n"))))
        .as("write")
        .isEqualTo(write);
    assertThat(places().as(dom0, nodes -> nodes.mkdir(at))).as("mkdir").isEqualTo(mkdir);
    assertThat(places().as(dom0, nodes -> nodes.remove(at))).as("rm").isEqualTo(rm);
    assertThat(places().as(dom0, nodes -> nodes.permissions(at))).as("get").isEqualTo(get);
    assertThat(places().as(dom0, nodes -> nodes.setPermissions(at, permissions("n5", "r7"))))
        .as("set")
        .isEqualTo(set);
  }

  @Test
  void aNewNodeHasItsParentsPermissionsButItsMakersOwnership() {
    TreeFixture tree = new TreeFixture().node("/shared", "r0", "b5", "r7");
    tree.as(GUEST, nodes -> nodes.write(StorePath.of("/shared/a/b"), octets("x")));
    tree.dom0(nodes -> nodes.mkdir(StorePath.of("/shared/c")));
    assertThat(strings(tree, "/shared/a")).containsExactly("r5", "b5", "r7");
    assertThat(strings(tree, "/shared/a/b")).containsExactly("r5", "b5", "r7");
    assertThat(strings(tree, "/shared/c")).containsExactly("r0", "b5", "r7");
  }

  @Test
  void mkdirLeavesAValueAlone() {
    TreeFixture tree = new TreeFixture().node("/a", "n0");
    tree.dom0(nodes -> nodes.mkdir(StorePath.of("/a")));
    assertThat(tree.store.current().find(StorePath.of("/a")).orElseThrow().value())
        .isEqualTo(octets("v"));
  }

  @Test
  void aGuestGivesNothingAway() {
    TreeFixture tree = places();
    assertThat(
            tree.as(GUEST, nodes -> nodes.setPermissions(StorePath.of("/own"), permissions("n7"))))
        .isEqualTo("EPERM");
  }

  @Test
  void whoActsForAnotherHasItsRightsToo() {
    TreeFixture tree = places();
    Principal helper = new Principal(9, 5);
    StorePath own = StorePath.of("/own");
    assertThat(tree.as(Principal.of(9), nodes -> nodes.read(own))).isEqualTo("EACCES");
    assertThat(tree.as(helper, nodes -> nodes.write(own, octets("x")))).isEqualTo("ok");
    assertThat(tree.as(helper, nodes -> nodes.read(StorePath.of("/read")))).isEqualTo("ok");
  }

  @Test
  void theFirstEntryThatNamesADomainDecides() {
    TreeFixture tree = new TreeFixture().node("/a", "b0", "n5", "r5");
    StorePath path = StorePath.of("/a");
    assertThat(tree.as(GUEST, nodes -> nodes.read(path))).isEqualTo("EACCES");
    assertThat(tree.as(Principal.of(6), nodes -> nodes.write(path, octets("x")))).isEqualTo("ok");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x5", "r", "r-1", "r65536", "r123456", "R5", "r5 ", "5"})
  void noPermission(String text) {
    assertThatThrownBy(() -> NodePermissions.parse(List.of("n0", text)))
        .isInstanceOfSatisfying(
            StoreException.class, e -> assertThat(e.error()).isEqualTo("EINVAL"));
  }

  private static List<String> strings(TreeFixture tree, String path) {
    return tree.store.current().find(StorePath.of(path)).orElseThrow().permissions().strings();
  }
}
