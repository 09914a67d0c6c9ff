package org.passerelle.doctor.filter;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.passerelle.natroute.nft.FilterChain;
import org.passerelle.natroute.nft.FilterRule;
import org.passerelle.natroute.nft.Ruleset;
import org.passerelle.natroute.nft.Statement;

/**
 * A packet's way through a ruleset. Where it is not known whether a rule is for it, both ways are
 * gone: then it may pass, and may be dropped.
 */
public final class Walk {
  private final Ruleset ruleset;
  private final Matching matching;

  /** Whether the packet may return from chains that it was led into. */
  private final Map<Entry, Boolean> entered = new HashMap<>();

  private Walk(Ruleset ruleset, Packet seen) {
    this.ruleset = ruleset;
    this.matching = new Matching(seen);
  }

  /** What each chain on the packet's way does with it; all must let it pass. */
  public static Map<FilterChain, Outcome> of(Packet packet, Ruleset ruleset) {
    Map<FilterChain, Outcome> outcomes = new LinkedHashMap<>();
    for (Stage stage : packet.way()) {
      chains(packet, stage, ruleset)
          .forEach(
              chain -> {
                Packet seen = packet.at(stage, chain.hook().orElseThrow().priority());
                outcomes.put(chain, new Walk(ruleset, seen).outcome(chain));
              });
    }
    return outcomes;
  }

  private static Stream<FilterChain> chains(Packet packet, Stage stage, Ruleset ruleset) {
    String device = stage.hasIn() ? packet.in() : packet.out();
    return Stream.concat(
        ruleset.filters(stage.hook()).stream().filter(packet::isSeenBy),
        ruleset.filters(stage.hook(), device).filter(chain -> packet.isSeenBefore(chain.family())));
  }

  private Outcome outcome(FilterChain chain) {
    Ways ways = new Ways();
    boolean falls = walk(chain, ways, Certainty.YES);
    boolean drops = chain.hook().orElseThrow().drops();
    if (falls && drops) {
      ways.blames.add(new Blame(chain, Optional.empty()));
    }
    return new Outcome(
        ways.accepted || falls && !drops,
        List.copyOf(ways.blames),
        List.copyOf(ways.some),
        List.copyOf(ways.led));
  }

  /** Where the packet may end. */
  private static final class Ways {
    private final Set<Blame> blames = new LinkedHashSet<>();
    private final Set<Blame> some = new LinkedHashSet<>();
    private final Set<Blame> led = new LinkedHashSet<>();
    private boolean accepted;

    void drop(Blame blame, Certainty certainty) {
      (certainty == Certainty.SOME ? some : blames).add(blame);
    }

    void lead(Blame blame) {
      led.add(blame);
      accepted = true;
    }
  }

  /** A chain of the table, and whether it is for the packet. */
  private record Entry(String chain, Certainty certainty) {}

  /** What may be decided by a rule. */
  private record Branch(Certainty certainty, Statement.Verdict verdict) {}

  /**
   * Goes along a chain; true when the packet may come to its end, or return from it.
   *
   * @param before whether this chain is for the packet, of those that come so far
   */
  private boolean walk(FilterChain chain, Ways ways, Certainty before) {
    boolean returns = false;
    for (FilterRule rule : chain.rules()) {
      for (Branch branch : branches(rule)) {
        boolean goesOn = branch.certainty() != Certainty.YES;
        Certainty certainty = before.and(branch.certainty());
        switch (branch.verdict().kind()) {
          // With another sender's address it goes on, and its answers find back.
          case ACCEPT, QUEUE, SNAT, MASQUERADE -> ways.accepted = true;
          case DNAT, REDIRECT -> ways.lead(new Blame(chain, Optional.of(rule)));
          case DROP, REJECT -> ways.drop(new Blame(chain, Optional.of(rule)), certainty);
          case JUMP -> goesOn |= enter(chain, branch.verdict(), ways, certainty);
          case GOTO -> returns |= enter(chain, branch.verdict(), ways, certainty);
          case RETURN -> returns = true;
          case CONTINUE -> goesOn = true;
        }
        if (!goesOn) {
          return returns;
        }
      }
    }
    return true;
  }

  /**
   * Many rules may lead into one chain, which does the same each time. The kernel refuses loops;
   * one ends here where it begins anew.
   */
  private boolean enter(
      FilterChain from, Statement.Verdict verdict, Ways ways, Certainty certainty) {
    Entry entry = new Entry(verdict.target(), certainty);
    Boolean known = entered.putIfAbsent(entry, true);
    if (known != null) {
      return known;
    }
    boolean returns =
        ruleset
            .beside(from, verdict.target())
            .map(chain -> walk(chain, ways, certainty))
            .orElse(true);
    entered.put(entry, returns);
    return returns;
  }

  private List<Branch> branches(FilterRule rule) {
    List<Branch> branches = new ArrayList<>();
    Certainty certainty = Certainty.YES;
    for (Statement statement : rule.statements()) {
      switch (statement) {
        case Statement.Match match -> certainty = certainty.and(matching.of(match));
        case Statement.Unread _ -> certainty = certainty.and(Certainty.SOME);
        case Statement.Verdict verdict -> branches.add(new Branch(certainty, verdict));
        case Statement.Choice choice -> addCases(branches, choice, certainty);
      }
      if (certainty == Certainty.NO) {
        break;
      }
    }
    return branches;
  }

  private void addCases(List<Branch> to, Statement.Choice choice, Certainty before) {
    for (Statement.Case one : matching.cases(choice)) {
      Certainty certainty = matching.of(choice.field(), one.values());
      if (certainty != Certainty.NO) {
        to.add(new Branch(before.and(certainty), one.verdict()));
      }
      if (certainty == Certainty.YES) {
        break;
      }
    }
  }
}
