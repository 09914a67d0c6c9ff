package org.passerelle;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.Location;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The arrows of the README's drawing: what each module and each package may import. */
class LayersTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(LayersTest::isProduct)
          .importPackages("org.passerelle");

  private static boolean isProduct(Location location) {
    return !location.contains("/test-classes/") && !location.contains("-tests.jar");
  }

  /** Nothing below holds for classes that were not looked at. */
  @ParameterizedTest
  @CsvSource({
    "link, 70",
    "hypervisor, 60",
    "netback, 40",
    "bridge, 5",
    "natroute, 10",
    "vlan, 8",
    "scripts, 5",
    "toolstack, 5",
    "lab, 60",
    "doctor, 30",
    "cli, 8"
  })
  void looksAtEveryModule(String module, int least) {
    long found =
        CLASSES.stream()
            .filter(c -> c.getPackageName().matches("org\\.passerelle\\." + module + "(\\..*)?"))
            .count();
    assertThat(found).isGreaterThanOrEqualTo(least);
  }

  /** A module, and those of ours that it may import. */
  @ParameterizedTest
  @CsvSource({
    "link, ''",
    "hypervisor, ''",
    "netback, link hypervisor",
    "bridge, link",
    "vlan, link bridge",
    "natroute, link",
    "scripts, link bridge vlan natroute hypervisor",
    "toolstack, link hypervisor netback bridge vlan natroute scripts",
    "lab, toolstack link hypervisor netback bridge vlan natroute scripts",
    "doctor, lab link hypervisor vlan natroute scripts"
  })
  void importsOnlyWhatLiesBelow(String module, String below) {
    String[] allowed =
        java.util.stream.Stream.concat(
                java.util.stream.Stream.of(module),
                java.util.Arrays.stream(below.split(" ")).filter(word -> !word.isEmpty()))
            .map(name -> "org.passerelle." + name + "..")
            .toArray(String[]::new);
    noClasses()
        .that()
        .resideInAPackage("org.passerelle." + module + "..")
        .should()
        .dependOnClassesThat(
            resideInAnyPackage("org.passerelle..").and(not(resideInAnyPackage(allowed))))
        .allowEmptyShould(true)
        .check(CLASSES);
  }

  private static DescribedPredicate<JavaClass> not(DescribedPredicate<JavaClass> predicate) {
    return DescribedPredicate.not(predicate);
  }

  /** Within a module: a package, and what it must not import. */
  @ParameterizedTest
  @CsvSource({
    "link.list, link.wire link.port link.netlink link.rtnl link.plan link.fake link.os",
    "link.wire, link.port link.netlink link.rtnl link.plan link.fake link.os",
    "link.netlink, link.rtnl link.plan link.fake link.os link.port",
    "link.rtnl, link.plan link.fake link.os link.port",
    "link.port, link.rtnl link.netlink link.plan link.fake link.os",
    "link.plan, link.fake link.os",
    "bridge, link.os",
    "vlan, link.os",
    "hypervisor.ring, hypervisor.domain hypervisor.memory hypervisor.event hypervisor.xenstore",
    "hypervisor.xenstore, hypervisor.embedded hypervisor.memory hypervisor.event",
    "netback, hypervisor.embedded",
    "scripts, hypervisor.embedded hypervisor.memory",
    "lab.model, lab.yaml lab.parse lab.topology lab.validate lab.capture lab.check lab.run",
    "lab.yaml, lab.parse lab.topology",
    "lab.topology, lab.parse lab.yaml lab.validate lab.check lab.run",
    "lab.check, lab.run lab.report lab.parse toolstack hypervisor netback",
    "lab.switching, lab.model lab.run lab.topology lab.check hypervisor netback scripts toolstack",
    "lab.report, lab.run lab.parse lab.capture hypervisor netback",
    "lab.parse, link.os hypervisor",
    "doctor.facts, doctor.filter doctor.check doctor.report lab",
    "doctor.filter, doctor.facts doctor.check doctor.report lab link.os scripts hypervisor",
    "doctor.check, doctor.report lab hypervisor",
    "doctor.report, doctor.facts doctor.check natroute scripts hypervisor"
  })
  void staysOutOf(String inner, String forbidden) {
    String[] packages =
        java.util.Arrays.stream(forbidden.split(" "))
            .map(name -> "org.passerelle." + name + "..")
            .toArray(String[]::new);
    noClasses()
        .that()
        .resideInAPackage("org.passerelle." + inner + "..")
        .should()
        .dependOnClassesThat(resideInAnyPackage(packages))
        .check(CLASSES);
  }

  @Test
  void hasNoCirclesOfPackages() {
    slices().matching("org.passerelle.(**)").should().beFreeOfCycles().check(CLASSES);
  }

  @ParameterizedTest
  @ValueSource(strings = {"com.sun.jna..", "sun.misc.."})
  void callsNativeCodeInTwoPlacesOnly(String library) {
    noClasses()
        .that()
        .resideOutsideOfPackages("org.passerelle.link.os..", "org.passerelle.natroute.nft..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage(library)
        .check(CLASSES);
  }

  /** Memory segments are everywhere; linking C functions and reinterpreting addresses is not. */
  @Test
  void linksNativeFunctionsInTwoPlacesOnly() {
    noClasses()
        .that()
        .resideOutsideOfPackages("org.passerelle.link.os..", "org.passerelle.hypervisor.embedded..")
        .should()
        .dependOnClassesThat()
        .haveNameMatching("java\\.lang\\.foreign\\.(Linker|SymbolLookup|FunctionDescriptor).*")
        .check(CLASSES);
  }

  @ParameterizedTest
  @ValueSource(strings = {"out", "err"})
  void printsInCommandsOnly(String stream) {
    noClasses()
        .that()
        .resideOutsideOfPackages("org.passerelle.cli..", "org.passerelle.scripts..")
        .should()
        .accessField(System.class, stream)
        .check(CLASSES);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"io.netty..", "org.pcap4j..", "picocli..", "com.fasterxml..", "org.snakeyaml.."})
  void keepsTheScriptsClassPathSmall(String library) {
    noClasses()
        .that()
        .resideInAnyPackage(
            "org.passerelle.scripts..",
            "org.passerelle.bridge..",
            "org.passerelle.natroute..",
            "org.passerelle.link..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage(library)
        .check(CLASSES);
  }
}
