package org.passerelle.hypervisor.xenstore.server;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.passerelle.hypervisor.xenstore.tree.Principal;
import org.passerelle.hypervisor.xenstore.tree.StorePath;

/** A domain that the store is in touch with: its connections and what they take up together. */
final class Domain {
  private final int id;
  private final Semaphore outstanding;
  private final List<Session> sessions = new ArrayList<>();
  private int target = Principal.NO_TARGET;
  private int watches;
  private long watchOctets;
  private int transactions;

  /**
   * @param outstanding requests that may be under way at once
   */
  Domain(int id, int outstanding) {
    this.id = id;
    this.outstanding = new Semaphore(outstanding, true);
  }

  int id() {
    return id;
  }

  StorePath home() {
    return StorePath.ofDomain(id);
  }

  Principal principal() {
    return new Principal(id, target);
  }

  void actFor(int other) {
    target = other;
  }

  Semaphore outstanding() {
    return outstanding;
  }

  List<Session> sessions() {
    return sessions;
  }

  int watches() {
    return watches;
  }

  long watchOctets() {
    return watchOctets;
  }

  int transactions() {
    return transactions;
  }

  void watched(int count, long octets) {
    watches += count;
    watchOctets += octets;
  }

  void began(int count) {
    transactions += count;
  }
}
