package org.passerelle.hypervisor.xenstore.tree;

import java.util.Arrays;

/** How many nodes each domain owns and how many octets they take; a value. */
final class Accounts {
  static final Accounts NONE = new Accounts(new int[0], new Account[0]);

  private final int[] domains;
  private final Account[] accounts;

  private Accounts(int[] domains, Account[] accounts) {
    this.domains = domains;
    this.accounts = accounts;
  }

  /** One domain's. */
  record Account(int nodes, long octets) {
    static final Account EMPTY = new Account(0, 0);
  }

  Account of(int domain) {
    int at = Arrays.binarySearch(domains, domain);
    return at < 0 ? Account.EMPTY : accounts[at];
  }

  Accounts plus(int domain, int nodes, long octets) {
    Account old = of(domain);
    return with(domain, new Account(old.nodes() + nodes, old.octets() + octets));
  }

  private Accounts with(int domain, Account account) {
    int at = Arrays.binarySearch(domains, domain);
    if (at >= 0) {
      Account[] changed = accounts.clone();
      changed[at] = account;
      return new Accounts(domains, changed);
    }
    int place = -at - 1;
    int[] moreDomains = Arrays.copyOf(domains, domains.length + 1);
    Account[] moreAccounts = Arrays.copyOf(accounts, accounts.length + 1);
    System.arraycopy(domains, place, moreDomains, place + 1, domains.length - place);
    System.arraycopy(accounts, place, moreAccounts, place + 1, accounts.length - place);
    moreDomains[place] = domain;
    moreAccounts[place] = account;
    return new Accounts(moreDomains, moreAccounts);
  }
}
