package org.passerelle.link.rtnl;

import java.util.Optional;
import java.util.OptionalInt;
import org.passerelle.link.wire.MacAddress;

/**
 * What to change of a link; whatever is empty stays. Down comes before all else, up after all else.
 *
 * @param up set up or down
 * @param master the bridge to become a port of; an empty string releases it
 * @param kind the kind's own settings
 * @param namespace a descriptor of the network namespace to move to
 * @param ipv6AddressGeneration IN6_ADDR_GEN_MODE_*: how the kernel makes a link-local address when
 *     the link comes up; an address that is there stays
 */
public record LinkChange(
    Optional<String> name,
    Optional<Boolean> up,
    Optional<MacAddress> mac,
    OptionalInt mtu,
    Optional<String> master,
    Optional<Boolean> arp,
    Optional<Boolean> multicast,
    Optional<String> alias,
    OptionalInt group,
    Optional<LinkKind> kind,
    OptionalInt namespace,
    Optional<String> alternativeName,
    OptionalInt gsoMaxSize,
    OptionalInt ipv6AddressGeneration) {

  public static final LinkChange NONE = new Builder().build();

  public static Builder builder() {
    return new Builder();
  }

  /** All of it but the master, for whoever sees to that himself. */
  public LinkChange withoutMaster() {
    return with(Optional.empty(), kind);
  }

  /** All of it but the kind's settings, for whoever sees to these himself. */
  public LinkChange withoutKind() {
    return with(master, Optional.empty());
  }

  private LinkChange with(Optional<String> newMaster, Optional<LinkKind> newKind) {
    return new LinkChange(
        name,
        up,
        mac,
        mtu,
        newMaster,
        arp,
        multicast,
        alias,
        group,
        newKind,
        namespace,
        alternativeName,
        gsoMaxSize,
        ipv6AddressGeneration);
  }

  /** Collects a change; each method sets one thing. */
  public static final class Builder {
    private Optional<String> name = Optional.empty();
    private Optional<Boolean> up = Optional.empty();
    private Optional<MacAddress> mac = Optional.empty();
    private OptionalInt mtu = OptionalInt.empty();
    private Optional<String> master = Optional.empty();
    private Optional<Boolean> arp = Optional.empty();
    private Optional<Boolean> multicast = Optional.empty();
    private Optional<String> alias = Optional.empty();
    private OptionalInt group = OptionalInt.empty();
    private Optional<LinkKind> kind = Optional.empty();
    private OptionalInt namespace = OptionalInt.empty();
    private Optional<String> alternativeName = Optional.empty();
    private OptionalInt gsoMaxSize = OptionalInt.empty();
    private OptionalInt ipv6AddressGeneration = OptionalInt.empty();

    public Builder name(String value) {
      name = Optional.of(value);
      return this;
    }

    public Builder up(boolean value) {
      up = Optional.of(value);
      return this;
    }

    public Builder mac(MacAddress value) {
      mac = Optional.of(value);
      return this;
    }

    public Builder mtu(int value) {
      mtu = OptionalInt.of(value);
      return this;
    }

    public Builder master(String value) {
      master = Optional.of(value);
      return this;
    }

    public Builder arp(boolean value) {
      arp = Optional.of(value);
      return this;
    }

    public Builder multicast(boolean value) {
      multicast = Optional.of(value);
      return this;
    }

    public Builder alias(String value) {
      alias = Optional.of(value);
      return this;
    }

    public Builder group(int value) {
      group = OptionalInt.of(value);
      return this;
    }

    public Builder kind(LinkKind value) {
      kind = Optional.of(value);
      return this;
    }

    public Builder namespace(int descriptor) {
      namespace = OptionalInt.of(descriptor);
      return this;
    }

    public Builder alternativeName(String value) {
      alternativeName = Optional.of(value);
      return this;
    }

    public Builder gsoMaxSize(int value) {
      gsoMaxSize = OptionalInt.of(value);
      return this;
    }

    /** From the MAC, or not at all. */
    public Builder ipv6AddressGeneration(boolean makesAddress) {
      return ipv6AddressGeneration(makesAddress ? Link.IPV6_FROM_MAC : Link.IPV6_NONE);
    }

    public Builder ipv6AddressGeneration(int value) {
      ipv6AddressGeneration = OptionalInt.of(value);
      return this;
    }

    public LinkChange build() {
      return new LinkChange(
          name,
          up,
          mac,
          mtu,
          master,
          arp,
          multicast,
          alias,
          group,
          kind,
          namespace,
          alternativeName,
          gsoMaxSize,
          ipv6AddressGeneration);
    }
  }
}
