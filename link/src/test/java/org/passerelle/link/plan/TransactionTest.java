package org.passerelle.link.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Predicate;
import java.util.stream.Stream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.passerelle.link.fake.FakeKernel;
import org.passerelle.link.rtnl.Address;
import org.passerelle.link.rtnl.Kernel;
import org.passerelle.link.rtnl.Link;
import org.passerelle.link.rtnl.LinkSpec;
import org.passerelle.link.rtnl.Refusal;
import org.passerelle.link.rtnl.Route;
import org.passerelle.link.rtnl.VethKind;
import org.passerelle.link.testing.KernelState;
import org.passerelle.link.testing.KilledKernel;
import org.passerelle.link.testing.RandomHost;
import org.passerelle.link.testing.Scratch;
import org.passerelle.link.wire.IpPrefix;
import org.passerelle.link.wire.MacAddress;

/** Undo: after a failure, after a kill, of everything that an operation drags along. */
class TransactionTest {
  private static final Journal.Key KEY = new Journal.Key("3f1b6a52-boot", 4711);

  /** IPv6 addresses cannot come back before the MTU does; the route that does must go again. */
  @Example
  void whatComesBackAfterATroubleGoesWithTheStepThatMadeIt() throws IOException {
    whateverFailsIsUndone(3357);
  }

  @Property(tries = 500, shrinking = ShrinkingMode.OFF)
  void whateverFailsIsUndone(@ForAll @LongRange(min = 0, max = 1 << 20) long seed)
      throws IOException {
    FakeKernel kernel = RandomHost.of(seed, true);
    List<Step> steps = randomSteps(seed);
    KernelState before = KernelState.of(kernel);
    withDirectory(
        directory -> {
          kernel.failAfter(steps.size() - 1, Refusal.ENOMEM);
          assertThatExceptionOfType(PlanException.class)
              .isThrownBy(() -> run(new Plan(steps), kernel, directory))
              .withMessageEndingWith("; everything is as before");
          assertThat(before.differencesFrom(KernelState.of(kernel)))
              .as("%s", new Plan(steps).lines())
              .isEmpty();
          assertThat(directory).isEmptyDirectory();
        });
  }

  /** An address that we added is gone when its own route, which another step took away, is due. */
  @Example
  void theKernelsRouteOfAnAddressGoesWithIt() throws IOException {
    whateverIsKilledIsUndoneByTheNext(21423, true);
  }

  @Property(tries = 500, shrinking = ShrinkingMode.OFF)
  void whateverIsKilledIsUndoneByTheNext(
      @ForAll @LongRange(min = 0, max = 1 << 20) long seed, @ForAll boolean afterwards)
      throws IOException {
    FakeKernel kernel = RandomHost.of(seed, true);
    List<Step> steps = randomSteps(seed);
    KernelState before = KernelState.ignoringLifetimes(kernel);
    withDirectory(
        directory -> {
          Kernel killed = new KilledKernel(kernel, steps.size() - 1, afterwards);
          assertThatExceptionOfType(KilledKernel.Killed.class)
              .isThrownBy(() -> run(new Plan(steps), killed, directory));
          List<String> report = recover(kernel, directory);
          assertThat(before.differencesFrom(KernelState.ignoringLifetimes(kernel)))
              .as("%s%n%s", new Plan(steps).lines(), report)
              .isEmpty();
          assertThat(report).noneMatch(line -> line.startsWith("not undone"));
          assertThat(directory).isEmptyDirectory();
        });
  }

  /** Steps that this kernel takes, found by trying them on its twin. */
  private static List<Step> randomSteps(long seed) {
    Random random = new Random(seed);
    FakeKernel twin = RandomHost.of(seed, true);
    List<Step> steps = new ArrayList<>();
    int wanted = 1 + random.nextInt(6);
    while (steps.size() < wanted) {
      Operation operation = randomOperation(random, twin);
      KernelState before = KernelState.of(twin);
      try {
        operation.apply(twin);
      } catch (RuntimeException refused) {
        assertThat(KernelState.of(twin)).isEqualTo(before);
        continue;
      }
      // One that is not there, or is there, is refused by the kernel, though not by the operation.
      boolean refused = operation instanceof RemoveAddress || operation instanceof AddAddress;
      if (!refused || !KernelState.of(twin).equals(before)) {
        steps.add(new Step(operation, "see what it drags along"));
      }
    }
    return steps;
  }

  private static Operation randomOperation(Random random, Kernel kernel) {
    List<Link> links = kernel.links().stream().filter(l -> !l.name().equals("lo")).toList();
    Link link = links.get(random.nextInt(links.size()));
    String device = link.name();
    // A connected route is the kernel's: by itself it is no plan's to remove.
    List<Route> routes =
        kernel.routes().stream().filter(r -> r.protocol() != Route.PROTOCOL_KERNEL).toList();
    return switch (random.nextInt(14)) {
      case 0 -> SetLink.down(device);
      case 1 -> SetLink.up(device);
      case 2 -> SetLink.mac(device, new MacAddress(0x0200_0000_0000L + random.nextInt(99)));
      case 3 -> SetLink.mtu(device, random.nextBoolean() ? 1400 : 1000);
      case 4 -> SetLink.ipv6Generation(device, random.nextInt(2));
      case 5 -> Rename.of(device, "net" + random.nextInt(100));
      case 6 ->
          CreateLink.ours(
              LinkSpec.of("v" + random.nextInt(9), new VethKind("w" + random.nextInt(9))));
      case 7 ->
          CreateLink.ours(
              LinkSpec.of(
                  "br" + random.nextInt(3),
                  new RecordedKind("bridge", Optional.empty(), List.of(), "")));
      case 8 ->
          link.kind().equals("veth")
              ? DeleteLink.of(device, new VethKind(peer(link, links)))
              : DeleteLink.of(
                  device, new RecordedKind(link.kind(), Optional.empty(), link.data(), ""));
      case 9 -> SetLink.master(device, "br" + random.nextInt(3));
      case 10 -> new RemoveAddress(latest(kernel, device, random.nextBoolean()), 0);
      case 11 ->
          AddAddress.again(
              Address.of(device, IpPrefix.parse("10.1.0." + (50 + random.nextInt(9)) + "/24")), 0);
      case 12 ->
          routes.isEmpty()
              ? SetLink.up(device)
              : RemoveRoute.of(routes.get(random.nextInt(routes.size())));
      default ->
          AddRoute.of(
              Route.via(
                  IpPrefix.parse("198.51." + random.nextInt(9) + ".0/24"),
                  IpPrefix.address("10.1.0.1"),
                  device));
    };
  }

  /** An address whose return leaves the order as it was. */
  private static Address latest(Kernel kernel, String device, boolean v6) {
    List<Address> own =
        Configuration.inMakingOrder(new Host(kernel).addresses(device)).stream()
            .filter(address -> address.local().isV6() == v6)
            .toList();
    return own.isEmpty() ? Address.of(device, IpPrefix.parse("203.0.113.1/24")) : own.getLast();
  }

  private static String peer(Link veth, List<Link> links) {
    return links.stream().filter(l -> l.index() == veth.lower()).findFirst().orElseThrow().name();
  }

  private interface InDirectory {
    void run(Path directory) throws IOException;
  }

  private static void withDirectory(InDirectory work) throws IOException {
    Path directory = Scratch.directory();
    try {
      work.run(directory);
    } finally {
      try (Stream<Path> files = Files.list(directory)) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
      Files.delete(directory);
    }
  }

  private static void run(Plan plan, Kernel kernel, Path directory) {
    try (Journal journal = new Journal(directory, KEY, "test plan")) {
      new Transaction(kernel, journal, () -> false).run(plan);
    }
  }

  private static List<String> recover(Kernel kernel, Path directory) {
    List<String> report = new ArrayList<>();
    new Recovery(directory, KEY, kernel, report::add, proof -> false).run();
    return report;
  }

  /** Two addresses, one with a label of its own: what a renaming does to labels must come back. */
  private static FakeKernel host() {
    FakeKernel kernel = new FakeKernel();
    kernel.plug("eth0", MacAddress.parse("52:54:00:00:00:01"));
    kernel.change("eth0", SetLink.up("eth0").property().change("on"));
    kernel.settle();
    kernel.add(Address.of("eth0", IpPrefix.parse("192.0.2.10/24")));
    kernel.add(Address.of("eth0", IpPrefix.parse("192.0.2.11/24")));
    kernel.add(Address.of("eth0", IpPrefix.parse("198.51.100.1/24")).onDevice("eth0", "eth0:b"));
    kernel.add(Route.via(IpPrefix.parse("0.0.0.0/0"), IpPrefix.address("192.0.2.1"), "eth0"));
    return kernel;
  }

  private static final Plan SHORT =
      new Plan.Builder()
          .add(Rename.of("eth0", "peth0"), "give the name away")
          .add(SetLink.mac("peth0", MacAddress.VIF), "a port's MAC")
          .build();

  @Test
  void theErrorNamesStepCauseAndOutcome(@TempDir Path directory) {
    FakeKernel kernel = host();
    kernel.failAfter(1, Refusal.EBUSY);
    assertThatExceptionOfType(PlanException.class)
        .isThrownBy(() -> run(SHORT, kernel, directory))
        .withMessage(
            "change peth0: EBUSY (16, Device or resource busy)"
                + "; it was the step \"a port's MAC\"; everything is as before");
  }

  @Test
  void anUndoThatFailsOnceIsTriedAgain(@TempDir Path directory) {
    FakeKernel kernel = host();
    KernelState before = KernelState.of(kernel);
    Plan plan =
        new Plan.Builder()
            .add(Rename.of("eth0", "peth0"), "give the name away")
            .add(CreateLink.ours(LinkSpec.of("eth0", new VethKind("vif0.0"))), "take it")
            .add(SetLink.master("eth0", "nowhere"), "fail")
            .build();
    // The fourth change is the first of the undo.
    kernel.failAfter(3, Refusal.EBUSY);
    assertThatExceptionOfType(PlanException.class)
        .isThrownBy(() -> run(plan, kernel, directory))
        .withMessageEndingWith("; everything is as before");
    assertThat(KernelState.of(kernel)).isEqualTo(before);
  }

  @Test
  void whatCannotBeUndoneIsSaidAndStaysInTheJournal(@TempDir Path directory) {
    FakeKernel kernel = host();
    try (Journal journal = new Journal(directory, KEY, "test plan")) {
      assertThatExceptionOfType(PlanException.class)
          .isThrownBy(() -> new Transaction(kernel, journal, () -> isNameTaken(kernel)).run(SHORT))
          .withMessageContaining("do by hand: ip link set dev peth0 name eth0: rename peth0")
          .satisfies(failure -> assertThat(failure.troubles()).hasSize(1));
    }
    assertThat(directory).isNotEmptyDirectory();
    Rename.of("eth0", "lan").apply(kernel);
    assertThat(recover(kernel, directory)).contains("undone: ip link set dev peth0 name eth0");
  }

  /** The name could not be given back; the route was, and is an administrator's from then on. */
  @Test
  void whatWasPutBackIsNotPutBackAgainByTheNext(@TempDir Path directory) {
    FakeKernel kernel = host();
    Route route = defaultRoute(kernel);
    Plan plan =
        new Plan.Builder()
            .add(RemoveRoute.of(route), "out of the way")
            .add(Rename.of("eth0", "peth0"), "give the name away")
            .add(SetLink.master("peth0", "nowhere"), "fail")
            .build();
    try (Journal journal = new Journal(directory, KEY, "test plan")) {
      assertThatExceptionOfType(PlanException.class)
          .isThrownBy(() -> new Transaction(kernel, journal, () -> isNameTaken(kernel)).run(plan))
          .satisfies(failure -> assertThat(failure.troubles()).hasSize(1));
    }
    RemoveRoute.of(defaultRoute(kernel)).apply(kernel);
    Rename.of("eth0", "lan").apply(kernel);
    assertThat(recover(kernel, directory)).contains("undone: ip link set dev peth0 name eth0");
    assertThat(kernel.routes()).noneMatch(TransactionTest::isDefault);
    assertThat(directory).isEmptyDirectory();
  }

  /** What comes back together with it, in the next run, goes again with the step that made it. */
  @Test
  void whatWasTakenAwayIsTakenAwayAgainAsLongAsATroubleIsLeft(@TempDir Path directory) {
    FakeKernel kernel = host();
    KernelState before = KernelState.of(kernel);
    Kernel refusing = refusing(kernel, TransactionTest::isDefault);
    Plan plan =
        new Plan.Builder()
            .add(
                AddRoute.of(
                    Route.via(
                        IpPrefix.parse("203.0.113.0/24"), IpPrefix.address("192.0.2.9"), "eth0")),
                "a route of the plan's")
            .add(SetLink.down("eth0"), "takes all routes along")
            .add(SetLink.master("eth0", "nowhere"), "fail")
            .build();
    assertThatExceptionOfType(PlanException.class)
        .isThrownBy(() -> run(plan, refusing, directory))
        .satisfies(failure -> assertThat(failure.troubles()).hasSize(1));
    recover(kernel, directory);
    assertThat(before.differencesFrom(KernelState.of(kernel))).isEmpty();
    assertThat(directory).isEmptyDirectory();
  }

  /** Somebody takes the name as soon as it is free, which stops the plan. */
  private static boolean isNameTaken(FakeKernel kernel) {
    boolean free = kernel.link("peth0").isPresent();
    if (free) {
      kernel.plug("eth0", MacAddress.VIF);
    }
    return free;
  }

  private static Route defaultRoute(Kernel kernel) {
    return kernel.routes().stream().filter(TransactionTest::isDefault).findFirst().orElseThrow();
  }

  private static boolean isDefault(Route route) {
    return route.destination().length() == 0;
  }

  /** A kernel that adds all routes but some. */
  private static Kernel refusing(Kernel kernel, Predicate<Route> refused) {
    return (Kernel)
        Proxy.newProxyInstance(
            Kernel.class.getClassLoader(),
            new Class<?>[] {Kernel.class},
            (_, method, arguments) -> {
              if (method.getName().equals("add")
                  && arguments[0] instanceof Route route
                  && refused.test(route)) {
                throw new IllegalStateException("no such route here");
              }
              try {
                return method.invoke(kernel, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  @Test
  void asksBeforeEachStepWhetherToStop(@TempDir Path directory) {
    FakeKernel kernel = host();
    KernelState before = KernelState.of(kernel);
    try (Journal journal = new Journal(directory, KEY, "test plan")) {
      Transaction transaction =
          new Transaction(kernel, journal, () -> kernel.link("peth0").isPresent());
      assertThatExceptionOfType(PlanException.class)
          .isThrownBy(() -> transaction.run(SHORT))
          .withMessageStartingWith("stopped before: ip link set dev peth0 address");
    }
    assertThat(KernelState.of(kernel)).isEqualTo(before);
  }

  @Test
  void aPlanThatIsDoneLeavesNoJournal(@TempDir Path directory) {
    FakeKernel kernel = host();
    run(SHORT, kernel, directory);
    assertThat(kernel.link("peth0").orElseThrow().mac()).isEqualTo(MacAddress.VIF);
    assertThat(directory).isEmptyDirectory();
  }

  private static void kill(FakeKernel kernel, Path directory) {
    Kernel killed = new KilledKernel(kernel, 1, true);
    assertThatExceptionOfType(KilledKernel.Killed.class)
        .isThrownBy(() -> run(SHORT, killed, directory));
  }

  @Test
  void whatWasRepairedByHandIsLeftAlone(@TempDir Path directory) {
    FakeKernel kernel = host();
    kill(kernel, directory);
    new Rename("peth0", 0, "eth0").apply(kernel);
    MacAddress chosen = MacAddress.parse("52:54:00:00:00:99");
    SetLink.mac("eth0", chosen).apply(kernel);
    KernelState repaired = KernelState.of(kernel);
    recover(kernel, directory);
    assertThat(kernel.link("eth0").orElseThrow().mac()).isEqualTo(chosen);
    assertThat(KernelState.of(kernel).links()).isEqualTo(repaired.links());
    assertThat(kernel.addresses()).isEqualTo(host().addresses());
  }

  @Test
  void aDeviceThatHasAnotherNameByNowIsFound(@TempDir Path directory) {
    FakeKernel kernel = host();
    kill(kernel, directory);
    Rename.of("peth0", "lan").apply(kernel);
    recover(kernel, directory);
    assertThat(kernel.link("lan").orElseThrow().mac())
        .isEqualTo(MacAddress.parse("52:54:00:00:00:01"));
  }

  @Test
  void anotherDeviceOfThatNameIsNotTouched(@TempDir Path directory) {
    FakeKernel kernel = host();
    kill(kernel, directory);
    Rename.of("peth0", "lan").apply(kernel);
    kernel.plug("peth0", MacAddress.VIF);
    recover(kernel, directory);
    assertThat(kernel.link("peth0").orElseThrow().mac()).isEqualTo(MacAddress.VIF);
  }

  @Test
  void anotherBootsJournalIsDiscarded(@TempDir Path directory) {
    FakeKernel kernel = host();
    kill(kernel, directory);
    KernelState left = KernelState.of(kernel);
    List<String> report = new ArrayList<>();
    new Recovery(directory, new Journal.Key("other", 4711), kernel, report::add, proof -> false)
        .run();
    assertThat(report)
        .containsExactly("discarding the journal of test plan: it is from another boot");
    assertThat(KernelState.of(kernel)).isEqualTo(left);
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void anotherNamespacesJournalIsNotOurs(@TempDir Path directory) {
    FakeKernel kernel = host();
    kill(kernel, directory);
    List<String> report = new ArrayList<>();
    new Recovery(
            directory, new Journal.Key(KEY.bootId(), 4712), kernel, report::add, proof -> false)
        .run();
    assertThat(report).isEmpty();
    assertThat(directory).isNotEmptyDirectory();
  }

  @Test
  void aJournalThatMakesNoSenseIsPutAside(@TempDir Path directory) throws IOException {
    FakeKernel kernel = host();
    kill(kernel, directory);
    Path file = onlyFile(directory);
    Files.writeString(file, Files.readString(file).replace("rename", "rm -rf"));
    KernelState left = KernelState.of(kernel);
    assertThat(recover(kernel, directory)).singleElement().asString().contains("not one of ours");
    assertThat(KernelState.of(kernel)).isEqualTo(left);
    assertThat(onlyFile(directory).toString()).endsWith(".rejected");
  }

  @Test
  void aCutOffLastLineIsAStepNotTaken(@TempDir Path directory) throws IOException {
    FakeKernel kernel = host();
    kill(kernel, directory);
    Path file = onlyFile(directory);
    Files.writeString(file, Files.readString(file) + "step number=2 time=17");
    recover(kernel, directory);
    assertThat(KernelState.of(kernel)).isEqualTo(KernelState.of(host()));
  }

  @Test
  void aLivingOwnersJournalIsLeftAlone(@TempDir Path directory) {
    FakeKernel kernel = host();
    try (Journal journal = new Journal(directory, KEY, "alive")) {
      journal.before(0, List.of());
      assertThat(recover(kernel, directory)).isEmpty();
      assertThat(directory).isNotEmptyDirectory();
    }
    assertThat(recover(kernel, directory)).isNotEmpty();
  }

  @Test
  void lifetimesRunOnInAJournal() {
    Address leased = Address.of("eth0", IpPrefix.parse("192.0.2.10/24")).withLifetimes(1000, 600);
    AddAddress later = new AddAddress(leased, 2).aged(700);
    assertThat(later.address().validSeconds()).isEqualTo(300);
    assertThat(later.address().preferredSeconds()).isZero();
    Address forEver = Address.of("eth0", IpPrefix.parse("192.0.2.10/24"));
    assertThat(new AddAddress(forEver, 2).aged(700).address()).isEqualTo(forEver);
  }

  private static Path onlyFile(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      List<Path> all = files.toList();
      assertThat(all).hasSize(1);
      return all.getFirst();
    }
  }
}
