package org.passerelle.hypervisor.xenstore.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.passerelle.hypervisor.xenstore.tree.Quotas;
import org.passerelle.hypervisor.xenstore.tree.Store;
import org.passerelle.hypervisor.xenstore.wire.XsMessage;
import org.passerelle.hypervisor.xenstore.wire.XsStrings;
import org.passerelle.hypervisor.xenstore.wire.XsType;

/** A guest's requests, without a thread or a socket. */
class GuestRequestTest {
  private final DomainTable domains =
      new DomainTable(new Store(new Quotas(100, 2048, 5, 2048, 4000, 3, 2, 1024, 20)));
  private final RequestHandler handler = new RequestHandler(domains);
  private final List<String> events = new ArrayList<>();
  private final Session dom0 = domains.open(0, (path, token) -> {});
  private final Session guest;

  GuestRequestTest() {
    domains.introduce(5);
    guest = domains.open(5, (path, token) -> events.add(path + " " + token));
    ask(dom0, XsType.MKDIR, 0, "/local/domain/5");
    ask(dom0, XsType.SET_PERMS, 0, "/local/domain/5", "n5");
  }

  /** The answer's strings with blanks between, before them "ERROR" where it is one. */
  private String ask(Session session, XsType type, int transaction, String... strings) {
    List<XsMessage> answers = new ArrayList<>();
    XsMessage request = XsMessage.of(type, 1, transaction, XsStrings.join(strings));
    handler.handle(session, request, answers::add);
    assertThat(answers).hasSize(1);
    XsMessage answer = answers.getFirst();
    String text = String.join(" ", XsStrings.split(answer.payload()));
    return answer.is(XsType.ERROR) ? "ERROR " + text : text;
  }

  private String ask(XsType type, String... strings) {
    return ask(guest, type, 0, strings);
  }

  @ParameterizedTest
  @EnumSource(
      names = {"CONTROL", "INTRODUCE", "RELEASE", "IS_DOMAIN_INTRODUCED", "RESUME", "SET_TARGET"})
  void whatOnlyDom0May(XsType type) {
    assertThat(ask(type, "5", "1", "2")).isEqualTo("ERROR EACCES");
  }

  @Test
  void relativePathsBeginAtItsOwnDirectory() {
    assertThat(ask(XsType.MKDIR, "device")).isEqualTo("OK");
    assertThat(ask(dom0, XsType.DIRECTORY, 0, "/local/domain/5")).isEqualTo("device");
  }

  @Test
  void aRelativeWatchIsAnsweredAsItWasSpelled() {
    ask(XsType.WATCH, "device", "rel");
    ask(XsType.WATCH, "/local/domain/5/device", "abs");
    assertThat(events).containsExactly("device rel", "/local/domain/5/device abs");
    events.clear();
    ask(XsType.MKDIR, "device/vif");
    assertThat(events)
        .containsExactlyInAnyOrder("device/vif rel", "/local/domain/5/device/vif abs");
  }

  @Test
  void noMoreWatchesThanTheQuota() {
    for (String token : List.of("1", "2", "3")) {
      assertThat(ask(XsType.WATCH, "a", token)).isEqualTo("OK");
    }
    assertThat(ask(XsType.WATCH, "a", "3")).isEqualTo("ERROR EEXIST");
    assertThat(ask(XsType.WATCH, "a", "4")).isEqualTo("ERROR E2BIG");
    Session second = domains.open(5, (path, token) -> {});
    assertThat(ask(second, XsType.WATCH, 0, "a", "4")).as("it is the domain's").startsWith("ERROR");
    assertThat(ask(XsType.UNWATCH, "a", "1")).isEqualTo("OK");
    assertThat(ask(XsType.WATCH, "a", "4")).isEqualTo("OK");
    guest.close();
    assertThat(ask(second, XsType.WATCH, 0, "a", "4")).as("closing gives back").isEqualTo("OK");
  }

  @Test
  void aWatchsTextCountsAsMemory() {
    assertThat(ask(XsType.WATCH, "a", "x".repeat(3000))).isEqualTo("OK");
    assertThat(ask(XsType.WATCH, "a", "y".repeat(3000))).isEqualTo("ERROR ENOMEM");
  }

  @Test
  void noMoreTransactionsThanTheQuota() {
    assertThat(ask(XsType.TRANSACTION_START, "")).isEqualTo("1");
    assertThat(ask(XsType.TRANSACTION_START, "")).isEqualTo("2");
    assertThat(ask(XsType.TRANSACTION_START, "")).isEqualTo("ERROR ENOSPC");
    assertThat(ask(guest, XsType.TRANSACTION_END, 1, "F")).isEqualTo("OK");
    assertThat(ask(XsType.TRANSACTION_START, "")).isEqualTo("3");
    assertThat(ask(XsType.RESET_WATCHES, "")).isEqualTo("OK");
    assertThat(ask(guest, XsType.TRANSACTION_END, 3, "F")).isEqualTo("ERROR ENOENT");
    assertThat(ask(XsType.TRANSACTION_START, "")).isEqualTo("4");
  }

  @Test
  void aTransactionIsItsConnectionsOwn() {
    assertThat(ask(XsType.TRANSACTION_START, "")).isEqualTo("1");
    Session second = domains.open(5, (path, token) -> {});
    assertThat(ask(second, XsType.MKDIR, 1, "a")).isEqualTo("ERROR ENOENT");
  }

  @Test
  void itIsToldOnlyOfWhatItMayRead() {
    ask(dom0, XsType.MKDIR, 0, "/secret");
    ask(XsType.WATCH, "/secret", "s");
    events.clear();
    ask(dom0, XsType.MKDIR, 0, "/secret/a");
    assertThat(events).isEmpty();
    ask(dom0, XsType.SET_PERMS, 0, "/secret", "n0", "r5");
    assertThat(events).containsExactly("/secret s");
    ask(dom0, XsType.SET_PERMS, 0, "/secret", "n0");
    assertThat(events).as("of the change that shut it out, too").hasSize(2);
    ask(dom0, XsType.RM, 0, "/secret");
    assertThat(events).hasSize(2);
  }

  @Test
  void specialWatchesAreDom0sUnlessItGivesThem() {
    ask(XsType.WATCH, "@releaseDomain", "r");
    events.clear();
    domains.introduce(6);
    domains.release(6);
    assertThat(events).isEmpty();
    ask(dom0, XsType.SET_PERMS, 0, "@releaseDomain", "n0", "r5");
    events.clear();
    domains.introduce(6);
    domains.release(6);
    assertThat(events).containsExactly("@releaseDomain r");
  }

  @Test
  void aNewIntroductionEndsWatchesAndTransactions() {
    ask(XsType.WATCH, "a", "t");
    ask(XsType.TRANSACTION_START, "");
    events.clear();
    domains.introduce(5);
    assertThat(ask(XsType.MKDIR, "a")).isEqualTo("OK");
    assertThat(events).isEmpty();
    assertThat(ask(guest, XsType.TRANSACTION_END, 1, "T")).isEqualTo("ERROR ENOENT");
  }

  @Test
  void aReleaseEndsItsConnectionsAndTakesItsNodes() {
    ask(XsType.WATCH, "a", "t");
    events.clear();
    domains.release(5);
    assertThat(guest.isOpen()).isFalse();
    assertThat(events).isEmpty();
    assertThat(ask(dom0, XsType.READ, 0, "/local/domain/5")).isEqualTo("ERROR ENOENT");
  }

  @Test
  void aWatchMaySayHowDeepItLooks() {
    ask(XsType.WATCH, "d", "this", "0");
    ask(XsType.WATCH, "d", "children", "1");
    ask(XsType.WATCH, "d", "all");
    events.clear();
    ask(XsType.MKDIR, "d");
    assertThat(events).containsExactlyInAnyOrder("d this", "d children", "d all");
    events.clear();
    ask(XsType.MKDIR, "d/a");
    assertThat(events).containsExactlyInAnyOrder("d/a children", "d/a all");
    events.clear();
    ask(XsType.MKDIR, "d/a/b");
    assertThat(events).containsExactly("d/a/b all");
  }

  @Test
  void aSpecialWatchOfDepthOneNamesTheDomain() {
    List<String> told = new ArrayList<>();
    Session watcher = domains.open(0, (path, token) -> told.add(path + " " + token));
    ask(watcher, XsType.WATCH, 0, "@releaseDomain", "any");
    ask(watcher, XsType.WATCH, 0, "@releaseDomain", "named", "1");
    ask(watcher, XsType.WATCH, 0, "@releaseDomain/5", "five");
    ask(watcher, XsType.WATCH, 0, "@releaseDomain/6", "six");
    told.clear();
    domains.release(5);
    assertThat(told)
        .containsExactlyInAnyOrder(
            "@releaseDomain any", "@releaseDomain/5 named", "@releaseDomain/5 five");
  }
}
