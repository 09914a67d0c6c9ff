package org.passerelle.link.plan;

import java.util.List;
import java.util.Optional;
import org.passerelle.link.list.Lists;
import org.passerelle.link.list.Words;
import org.passerelle.link.rtnl.Link;

/**
 * The host's end of a vif, or of an emulated NIC (a tap), and the name that it is to have.
 *
 * @param device as the driver called it: {@code vif1.0}
 * @param name what it is to be called instead, {@code vifname}
 */
public record VifDevice(String device, Optional<String> name) {
  private static final String VIF = "vif";

  /** Whether a link, by its name or its first one, is the host's end of a guest's vif. */
  public static boolean isOfGuest(Link link) {
    return ofGuest(link).isPresent();
  }

  /**
   * What the driver called the host's end of a guest's vif; empty for any other link. An alias that
   * is no such name is whatever an administrator has to say of it.
   */
  public static Optional<String> ofGuest(Link link) {
    return Lists.first(List.of(link.alias(), link.name()), VifDevice::isOfGuest);
  }

  /** {@code vif<domid>.<devid>}; those of domain 0 are dom0's own. */
  static boolean isOfGuest(String name) {
    int domain = VIF.length();
    int dot = name.startsWith(VIF) ? Words.digits(name, domain) : domain;
    return dot > domain
        && name.charAt(domain) != '0'
        && name.startsWith(".", dot)
        && Words.digits(name, dot + 1) == name.length()
        && !name.endsWith(".");
  }

  /** What the device is called once it is attached. */
  public String attachedName() {
    return name.orElse(device);
  }

  /**
   * The link that it is.
   *
   * @throws RefusedException when there is none, or another one has the name that it is to have
   */
  public Link find(Host host) {
    Optional<Link> original = exactly(host, device);
    Optional<Link> named = name.flatMap(wanted -> exactly(host, wanted));
    if (original.isPresent() && named.isPresent() && !name.get().equals(device)) {
      throw new RefusedException(
          "Cannot rename interface "
              + device
              + ". An interface with name "
              + name.get()
              + " already exists.");
    }
    return original.or(() -> named.filter(this::isRenamed)).orElseThrow(() -> missing(host));
  }

  /** It may be there by a name that nobody told us. */
  private RefusedException missing(Host host) {
    Optional<String> renamed = Lists.first(host.links(), this::isRenamed).map(Link::name);
    return new RefusedException(
        "Could not find device "
            + device
            + renamed
                .map(
                    present ->
                        ": it is called %s now; pass vif=%s, or write %s to vifname in its directory"
                            .formatted(present, present, present))
                .orElse("; has the backend made it?"));
  }

  /**
   * The link that it is, to be released; empty when it is gone. One that is called {@link
   * #attachedName} and is not the device is another one.
   */
  public Optional<Link> ifThere(Host host) {
    return exactly(host, device).or(() -> exactly(host, attachedName()).filter(this::isRenamed));
  }

  /** Whether a link of another name is the device, renamed: any host has links of many names. */
  private boolean isRenamed(Link named) {
    return named.alias().equals(device);
  }

  /** An alternative name would do for the kernel, but not for what reads names afterwards. */
  public static Optional<Link> exactly(Host host, String name) {
    return host.link(name).filter(link -> link.name().equals(name));
  }

  /** Gives the link its name, and its first one as alias, by which it is known again. */
  public void rename(PlanSteps steps, Link vif) {
    if (!vif.name().equals(attachedName())) {
      steps.set(
          SetLink.alias(vif.name(), device),
          Optional.of(vif),
          "its first name, by which it is known again");
      steps.add(Rename.of(vif.name(), attachedName()), "vifname=" + attachedName());
    }
  }
}
