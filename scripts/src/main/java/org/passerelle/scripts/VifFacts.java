package org.passerelle.scripts;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.passerelle.link.plan.Host;
import org.passerelle.link.plan.RunMark;
import org.passerelle.link.plan.VifDevice;
import org.passerelle.link.rtnl.KernelException;
import org.passerelle.link.rtnl.TableKey;
import org.passerelle.natroute.GuestServices;
import org.passerelle.natroute.PortForward;
import org.passerelle.natroute.RoutedGuest;

/** What vifs that are attached have, by the marks that their scripts left. */
record VifFacts(Path runDirectory, Host host) {

  /** For a status: addresses first, then whatever else it has, in one line. */
  String words(RoutedGuest guest) {
    List<String> words = new ArrayList<>(List.of(guest.addresses()));
    if (isTold(guest)) {
      words.add(Dhcp.KEY + (isServed() ? "" : " (nobody tells it: network-nat has no dhcp=yes)"));
    }
    forwards(guest).ifPresent(words::add);
    services(guest).ifPresent(words::add);
    if (new RunMark(RunFile.GUARDS.in(runDirectory).resolve(guest.vif())).isSet()) {
      words.add(HostAntispoof.KEY + gone(host.guard(guest.vif()).isPresent()));
    }
    return String.join(", ", words);
  }

  /** Whether a DHCP server was told of the guest. */
  boolean isTold(RoutedGuest guest) {
    return host.dhcpHost(device(guest)).isPresent();
  }

  /** Whether anybody tells guests what they were to be told. */
  private boolean isServed() {
    try {
      return !host.dhcpUsers().isEmpty() || host.isDhcpRunning();
    } catch (KernelException e) {
      return false;
    }
  }

  /** Whether somebody took rules away that the vif's script made. */
  boolean hasLost(RoutedGuest guest) {
    boolean guarded = new RunMark(RunFile.GUARDS.in(runDirectory).resolve(guest.vif())).isSet();
    return isGone(places(RunFile.FORWARDS, guest))
        || isGone(places(RunFile.LIMITED, guest))
        || guarded && host.guard(guest.vif()).isEmpty();
  }

  private boolean isGone(List<TableKey> places) {
    return !places.isEmpty() && !isThere(places);
  }

  private Optional<String> forwards(RoutedGuest guest) {
    String all =
        places(RunFile.FORWARDS, guest).stream()
            .flatMap(place -> host.entry(place).stream())
            .map(PortForward::words)
            .distinct()
            .collect(Collectors.joining(","));
    return Optional.of("forward " + all).filter(_ -> !all.isEmpty());
  }

  private Optional<String> services(RoutedGuest guest) {
    return Optional.of(places(RunFile.LIMITED, guest))
        .filter(places -> !places.isEmpty())
        .map(
            places -> HostServices.KEY + " " + GuestServices.words(places) + gone(isThere(places)));
  }

  /** By one for all: who takes our rules away takes the whole table. */
  private boolean isThere(List<TableKey> places) {
    return host.entry(places.getFirst()).isPresent();
  }

  /** A guest that only was held to something is not to pass for one that is. */
  private static String gone(boolean there) {
    return there ? "" : " (its rules are gone: attach it again)";
  }

  private List<TableKey> places(RunFile what, RoutedGuest guest) {
    return new TablePlaces(mark(what, guest)).known().orElse(List.of());
  }

  private RunMark mark(RunFile what, RoutedGuest guest) {
    return new RunMark(what.in(runDirectory).resolve(device(guest)));
  }

  /** Its first name, by which its scripts know it. */
  String device(RoutedGuest guest) {
    return host.link(guest.vif()).flatMap(VifDevice::ofGuest).orElse(guest.vif());
  }
}
