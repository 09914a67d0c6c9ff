package org.passerelle.hypervisor.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.passerelle.hypervisor.HypervisorException;
import org.passerelle.hypervisor.domain.DomainId;
import org.passerelle.hypervisor.event.EventChannelException;
import org.passerelle.hypervisor.event.EventChannels;
import org.passerelle.hypervisor.memory.ForeignGrants.MappedGrant;
import org.passerelle.hypervisor.memory.GrantAccess;
import org.passerelle.hypervisor.xenstore.StoreException;
import org.passerelle.hypervisor.xenstore.XenStore;

/** A domain's door from both sides, over a real socket; hostile callers at the end. */
@Timeout(60)
class DoorTest {
  private static final int O_NONBLOCK = 0x800;
  private static final int F_GETFL = 3;
  private static final int F_SETFL = 4;

  @TempDir Path directory;
  private final CompletableFuture<String> left = new CompletableFuture<>();
  private EmbeddedHypervisor hypervisor;
  private DomainId id;
  private Path path;

  @BeforeEach
  void open() {
    hypervisor = EmbeddedHypervisor.start(directory);
    id = hypervisor.create("guest", 64).id();
    path = directory.resolve("door/guest");
    hypervisor.openDoor(id, path, left::complete);
  }

  @AfterEach
  void close() {
    hypervisor.close();
  }

  private EventChannels dom0() {
    return hypervisor.dom0().events();
  }

  private void awaitLeft(String reason) throws Exception {
    assertThat(left.get(20, TimeUnit.SECONDS)).contains(reason);
  }

  @Test
  void aGuestHasMemoryGrantsAndAStoreWithItsOwnRights() throws Exception {
    try (GuestDomain guest = GuestDomain.attach(path)) {
      assertThat(guest.id()).isEqualTo(id);
      int frame = guest.memory().allocate();
      guest.memory().page(frame).setString(0, "seen");
      int reference = guest.grants().grant(DomainId.DOM0, frame, GrantAccess.READ_ONLY);
      try (MappedGrant seen =
          hypervisor.dom0().foreignGrants().map(id, reference, GrantAccess.READ_ONLY)) {
        assertThat(seen.page().getString(0)).isEqualTo("seen");
        assertThat(guest.grants().end(reference)).as("in use").isFalse();
      }
      assertThat(guest.grants().end(reference)).isTrue();

      assertThat(guest.store().read("name")).isEqualTo("guest");
      guest.store().write("data/mine", "1");
      assertThat(hypervisor.dom0().store().read("/local/domain/1/data/mine")).isEqualTo("1");
      assertThatThrownBy(() -> guest.store().write("/local/domain/0/name", "me"))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("EACCES");
      assertThatThrownBy(guest::foreignGrants).isInstanceOf(UnsupportedOperationException.class);
    }
  }

  @Test
  void whatAKilledHostLeftWhereConnectionsMeetIsInNobodysWay() throws Exception {
    Path room = EmbeddedHypervisor.storeSocket(directory).resolveSibling(".lend");
    Files.createFile(Files.createDirectory(room).resolve("s"));
    try (GuestDomain guest = GuestDomain.attach(path)) {
      assertThat(guest.store().read("name")).isEqualTo("guest");
    }
    assertThat(room).doesNotExist();
  }

  @Test
  void eventsGoBothWaysAndCanBeMasked() {
    try (GuestDomain guest = GuestDomain.attach(path)) {
      int front = guest.events().allocateUnbound(DomainId.DOM0);
      int back = dom0().bindInterdomain(id, front);
      assertThat(dom0().consume(back)).as("whoever binds looks once").isTrue();
      assertThat(dom0().consume(back)).isFalse();
      try (Poller inside = new Poller(guest.events().descriptor(front));
          Poller outside = new Poller(dom0().descriptor(back))) {
        for (int i = 0; i < 10; i++) {
          passes(guest.events(), front, dom0(), back, outside);
          passes(dom0(), back, guest.events(), front, inside);
        }
        guest.events().mask(front);
        dom0().notify(back);
        assertThat(inside.readable()).isFalse();
        guest.events().unmask(front);
        assertThat(inside.edge()).isTrue();
        assertThat(guest.events().consume(front)).isTrue();
      }
    }
  }

  private static void passes(
      EventChannels from, int port, EventChannels to, int otherPort, Poller poller) {
    assertThat(poller.edge()).isFalse();
    from.notify(port);
    from.notify(port);
    assertThat(poller.edge()).isTrue();
    assertThat(poller.readable()).isTrue();
    assertThat(to.consume(otherPort)).isTrue();
    assertThat(to.consume(otherPort)).isFalse();
    assertThat(poller.readable()).isFalse();
  }

  @Test
  void aBackendThatClosesCanBindAgain() {
    try (GuestDomain guest = GuestDomain.attach(path)) {
      int front = guest.events().allocateUnbound(DomainId.DOM0);
      for (int i = 0; i < 3; i++) {
        int back = dom0().bindInterdomain(id, front);
        dom0().consume(back);
        guest.events().notify(front);
        assertThat(dom0().consume(back)).isTrue();
        dom0().close(back);
        guest.events().notify(front);
        assertThat(guest.events().consume(front)).isFalse();
      }
    }
  }

  @Test
  void portsAreRefusedWithXensNames() {
    try (GuestDomain guest = GuestDomain.attach(path)) {
      for (int i = 1; i <= DoorRequests.MOST_PORTS; i++) {
        assertThat(guest.events().allocateUnbound(DomainId.DOM0)).isEqualTo(i);
      }
      assertThatThrownBy(() -> guest.events().allocateUnbound(DomainId.DOM0))
          .isInstanceOf(EventChannelException.class)
          .hasMessageContaining("ENOSPC");
      guest.events().close(7);
      assertThat(guest.events().allocateUnbound(DomainId.DOM0)).isEqualTo(7);
      assertThatThrownBy(() -> guest.events().notify(300))
          .isInstanceOf(EventChannelException.class);
      assertThatThrownBy(() -> guest.events().bindInterdomain(DomainId.DOM0, 1))
          .isInstanceOf(EventChannelException.class)
          .hasMessageContaining("ENOSYS");
    }
  }

  @Test
  void aGuestThatGoesIsToldOfAndNobodyComesInAfterIt() throws Exception {
    GuestDomain guest = GuestDomain.attach(path);
    int front = guest.events().allocateUnbound(DomainId.DOM0);
    int back = dom0().bindInterdomain(id, front);
    assertThatThrownBy(() -> GuestDomain.attach(path))
        .isInstanceOf(HypervisorException.class)
        .hasMessageContaining("ECONNREFUSED");
    guest.close();
    awaitLeft("its process has ended");
    assertThatThrownBy(() -> dom0().bindInterdomain(id, front))
        .isInstanceOf(EventChannelException.class);
    dom0().notify(back);
    assertThatThrownBy(() -> GuestDomain.attach(path)).isInstanceOf(HypervisorException.class);
    hypervisor.destroy(id);
    assertThat(path).doesNotExist();
  }

  @Test
  void aHostThatGoesIsNoticedAndEverythingCanBeFreed() throws Exception {
    GuestDomain guest = GuestDomain.attach(path);
    int port = guest.events().allocateUnbound(DomainId.DOM0);
    CompletableFuture<Void> gone = CompletableFuture.runAsync(guest::awaitHostGone);
    assertThat(gone).isNotDone();
    hypervisor.close();
    gone.get(20, TimeUnit.SECONDS);
    assertThatThrownBy(() -> guest.store().read("name")).isInstanceOf(StoreException.class);
    guest.events().close(port);
    guest.close();
    assertThat(left).as("whoever closes the door knows").isNotDone();
  }

  /** As it does with a client that floods it. */
  @Test
  void aStoreThatHangsUpIsNoticedThoughTheHostIsThere() throws Exception {
    Path other = directory.resolve("other");
    StoreHost store = ServedStore.listening(EmbeddedHypervisor.storeSocket(other));
    try (EmbeddedHypervisor host = EmbeddedHypervisor.start(other, store)) {
      DomainId mine = host.create("guest", 64).id();
      host.openDoor(mine, other.resolve("guest"), left::complete);
      try (GuestDomain guest = GuestDomain.attach(other.resolve("guest"))) {
        CompletableFuture<Void> gone = CompletableFuture.runAsync(guest::awaitHostGone);
        store.release(mine);
        gone.get(20, TimeUnit.SECONDS);
        assertThat(left).isNotDone();
      }
      awaitLeft("ended");
      store.introduce(mine); // to be released once more
    }
  }

  /** Its caller is told, or hung up on, and the next one is let in. */
  @Test
  void aStoreThatFailsInAnyWayIsNotTheDoorsEnd() {
    Path other = directory.resolve("other");
    StoreHost store = ServedStore.listening(EmbeddedHypervisor.storeSocket(other));
    Queue<Throwable> failures = new ArrayDeque<>();
    failures.add(new IllegalStateException("a fault of the store"));
    failures.add(new AssertionError("worse"));
    try (EmbeddedHypervisor host =
        EmbeddedHypervisor.start(other, new FailingLender(store, failures))) {
      DomainId mine = host.create("guest", 64).id();
      Path door = other.resolve("guest");
      host.openDoor(mine, door, left::complete);
      assertThatThrownBy(() -> GuestDomain.attach(door))
          .isInstanceOf(HypervisorException.class)
          .hasMessageContaining("EIO");
      assertThatThrownBy(() -> GuestDomain.attach(door))
          .isInstanceOf(HypervisorException.class)
          .hasMessageContaining("the host is gone");
      assertThat(left).isNotDone();
      GuestDomain.attach(door).close();
    }
  }

  /** Fails to lend as often as there are failures. */
  private record FailingLender(StoreHost store, Queue<Throwable> failures) implements StoreHost {
    @Override
    public int lend(DomainId domain) {
      switch (failures.poll()) {
        case RuntimeException e -> throw e;
        case Error e -> throw e;
        case null, default -> {
          return store.lend(domain);
        }
      }
    }

    @Override
    public XenStore connect(DomainId domain) {
      return store.connect(domain);
    }

    @Override
    public void introduce(DomainId domain) {
      store.introduce(domain);
    }

    @Override
    public void release(DomainId domain) {
      store.release(domain);
    }

    @Override
    public void close() {
      store.close();
    }
  }

  /** It refuses to be waited for on its own thread, which is no refusal of the store's. */
  @Test
  void aLentConnectionThatIsNotServedIsClosed() throws Exception {
    try (ServedStore store = ServedStore.listening(directory.resolve("other/socket"))) {
      CompletableFuture<Throwable> thrown = new CompletableFuture<>();
      long before = Descriptors.sockets();
      XenStore dom0 = store.connect(DomainId.DOM0);
      dom0.watch("/tool", "", event -> thrown.complete(lendingFails(store)));
      assertThat(thrown.get(20, TimeUnit.SECONDS)).isInstanceOf(HypervisorException.class);
      assertThat(Descriptors.sockets()).isEqualTo(before);
    }
  }

  private static Throwable lendingFails(StoreHost store) {
    return catchThrowable(() -> store.lend(DomainId.DOM0));
  }

  @Test
  void nothingIsLeftOfTwoHundredGuests() {
    visit(20);
    long descriptors = Descriptors.all();
    long mappings = Descriptors.mappings();
    long threads = Thread.getAllStackTraces().keySet().stream().filter(DoorTest::isDoor).count();
    visit(200);
    assertThat(Descriptors.mappings()).isEqualTo(mappings);
    assertThat(Thread.getAllStackTraces().keySet().stream().filter(DoorTest::isDoor).count())
        .isEqualTo(threads);
    // The store's thread closes its end of a connection when it comes round to it.
    for (int i = 0; i < 200 && Descriptors.all() > descriptors; i++) {
      pause();
    }
    assertThat(Descriptors.all()).isLessThanOrEqualTo(descriptors);
    assertThat(hypervisor.dom0().store().list("/local/domain")).containsExactly("0", "1");
  }

  private static boolean isDoor(Thread thread) {
    return thread.getName().startsWith("passerelle-door");
  }

  private void visit(int times) {
    for (int i = 0; i < times; i++) {
      DomainId each = hypervisor.create("each", 64).id();
      Path door = directory.resolve("door/each");
      hypervisor.openDoor(each, door, reason -> {});
      GuestDomain guest = GuestDomain.attach(door);
      int front = guest.events().allocateUnbound(DomainId.DOM0);
      int back = dom0().bindInterdomain(each, front);
      if (i % 2 == 0) {
        guest.close();
        hypervisor.destroy(each);
      } else {
        hypervisor.destroy(each);
        guest.close();
      }
      dom0().close(back);
    }
  }

  private static void pause() {
    try {
      Thread.sleep(10);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void theSocketIsItsOwnersAlone() throws Exception {
    assertThat(Files.getPosixFilePermissions(path))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    assertThatThrownBy(() -> GuestDomain.attach(directory.resolve("door/nobody")))
        .isInstanceOf(HypervisorException.class)
        .hasMessageContaining("ENOENT");
  }

  // ---- hostile callers ----

  /**
   * What the guest rings is made to block, and its count filled, over and over: neither the host's
   * reading nor its ringing waits for it.
   */
  @Test
  void aDescriptorThatTheGuestMakesBlockHoldsNobodyUp() {
    try (DoorCaller caller = greeted();
        Arena arena = Arena.ofConfined()) {
      DoorCaller.Reply port = caller.ask(DoorMessage.request(DoorMessage.ALLOCATE_UNBOUND, 0), 2);
      int kick = port.descriptors().getLast();
      MemorySegment most = arena.allocateFrom(ValueLayout.JAVA_LONG, -2L);
      int back = dom0().bindInterdomain(id, port.message().word0());
      dom0().consume(back);
      int flags = Posix.fcntl(kick, F_GETFL, 0);
      assertThat(flags & O_NONBLOCK).isNotZero();
      assertThat(Posix.fcntl(kick, F_SETFL, flags & ~O_NONBLOCK)).isZero();
      for (int i = 0; i < 100; i++) {
        assertThat(Posix.writeAtOnce(kick, most)).isTrue();
        dom0().notify(back);
        assertThat(dom0().consume(back)).isTrue();
        assertThat(dom0().consume(back)).as("a read of nothing returns").isFalse();
      }
      // Left full, and the channel ended and made anew.
      assertThat(Posix.writeAtOnce(kick, most)).isTrue();
      dom0().close(back);
      back = dom0().bindInterdomain(id, port.message().word0());
      assertThat(dom0().consume(back)).isTrue();
      port.drop();
    }
  }

  private DoorCaller greeted() {
    DoorCaller caller = DoorCaller.connect(path);
    caller.ask(DoorMessage.request(DoorMessage.HELLO, DoorMessage.VERSION), 2).drop();
    return caller;
  }

  @Test
  void whoDoesNotSayHelloIsShownOutAndTheNextIsLetIn() {
    try (DoorCaller wrong = DoorCaller.connect(path)) {
      DoorMessage answer = wrong.ask(DoorMessage.request(DoorMessage.HELLO, 99), 2).message();
      assertThat(answer).isEqualTo(new DoorMessage(DoorMessage.HELLO, -93, 1, 0, 0, 0));
    }
    try (DoorCaller wrong = DoorCaller.connect(path)) {
      DoorMessage answer = wrong.ask(DoorMessage.request(DoorMessage.CLOSE, 1), 0).message();
      assertThat(answer.status()).isEqualTo(-DoorError.EPROTO.number());
      assertThatThrownBy(() -> wrong.ask(DoorMessage.request(DoorMessage.CLOSE, 1), 0))
          .isInstanceOf(HypervisorException.class)
          .hasMessageContaining("the host is gone");
    }
    try (UnixSocket wrong = UnixSocket.connected(path, UnixSocket.SEQPACKET);
        Arena arena = Arena.ofConfined()) {
      wrong.send(arena.allocate(1000), List.of(), 0);
      assertThat(wrong.receive(arena.allocate(8), 0).octets()).isNotPositive();
    }
    assertThat(left).isNotDone();
    GuestDomain.attach(path).close();
  }

  @Test
  void anyMessageIsAnsweredAndTheDoorStaysBounded() {
    Random random = new Random(11);
    long descriptors = Descriptors.ours();
    try (DoorCaller caller = greeted()) {
      for (int i = 0; i < 5000; i++) {
        int type = i % 4 == 0 ? random.nextInt() : 1 + random.nextInt(4);
        DoorMessage request =
            new DoorMessage(
                type, random.nextInt(), word(random), word(random), word(random), word(random));
        DoorCaller.Reply reply = askAny(caller, request);
        assertThat(reply.message().type()).isEqualTo(type);
        assertThat(reply.message().status()).isIn(0, -22, -28, -38);
        reply.drop();
      }
      assertThat(Descriptors.ours() - descriptors)
          .isLessThanOrEqualTo(3L * DoorRequests.MOST_PORTS);
      assertThat(hypervisor.dom0().store().read("/local/domain/1/name")).isEqualTo("guest");
    }
  }

  private static int word(Random random) {
    return random.nextBoolean() ? random.nextInt(300) : random.nextInt();
  }

  /** What has two descriptors when it is granted is known by its type alone. */
  private static DoorCaller.Reply askAny(DoorCaller caller, DoorMessage request) {
    return caller.ask(request, request.type() == DoorMessage.ALLOCATE_UNBOUND ? 2 : 0);
  }

  @Test
  void whoLeavesItsRepliesUnreadIsShownOut() throws Exception {
    try (UnixSocket socket = UnixSocket.connected(path, UnixSocket.SEQPACKET);
        Arena arena = Arena.ofConfined()) {
      MemorySegment packet = arena.allocate(DoorMessage.SIZE);
      DoorMessage.request(DoorMessage.HELLO, DoorMessage.VERSION).emit(packet);
      socket.send(packet, List.of(), 0);
      int sent = 1;
      DoorMessage.request(DoorMessage.ALLOCATE_UNBOUND, 0).emit(packet);
      while (socket.send(packet, List.of(), 0) > 0) {
        sent++;
      }
      awaitLeft("unread");
      assertThat(sent).isLessThan(2000);
    }
  }

  @Test
  void descriptorsThatAreSentAlongAreDropped() {
    try (UnixSocket socket = UnixSocket.connected(path, UnixSocket.SEQPACKET);
        Arena arena = Arena.ofConfined()) {
      MemorySegment packet = arena.allocate(DoorMessage.SIZE);
      DoorMessage.request(DoorMessage.HELLO, DoorMessage.VERSION).emit(packet);
      socket.send(packet, List.of(), 0);
      socket.receive(packet, 2).descriptors().forEach(Posix::close);
      refused(socket, packet, List.of());
      for (int i = 0; i < 50; i++) {
        refused(socket, packet, List.of(socket.descriptor(), socket.descriptor()));
      }
      assertThat(Descriptors.sameAs(socket.descriptor())).hasSize(1);
    }
  }

  private static void refused(UnixSocket socket, MemorySegment packet, List<Integer> descriptors) {
    DoorMessage.request(DoorMessage.CLOSE, 77).emit(packet);
    socket.send(packet, descriptors, 0);
    assertThat(socket.receive(packet, 2).octets()).isEqualTo(DoorMessage.SIZE);
    assertThat(DoorMessage.parse(packet).status()).isEqualTo(-DoorError.EINVAL.number());
  }
}
