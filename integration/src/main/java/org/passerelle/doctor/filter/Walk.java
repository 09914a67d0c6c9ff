package org.passerelle.doctor.filter;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.passerelle.natroute.nft.FilterChain;
import org.passerelle.natroute.nft.FilterRule;
import org.passerelle.natroute.nft.Ruleset;
import org.passerelle.natroute.nft.Statement;

/**
 * A packet's way through a ruleset. Where it is not known whether a rule is for it, both ways are
 * gone: then it may pass, and may be dropped.
 */
public final class Walk {
  /** NFT_JUMP_STACK_SIZE: the kernel goes no deeper either. */
  private static final int DEEPEST = 16;

  private final Ruleset ruleset;
  private final Packet packet;
  private final Matching matching;

  public Walk(Ruleset ruleset, Packet packet) {
    this.ruleset = ruleset;
    this.packet = packet;
    this.matching = new Matching(packet);
  }

  /** What each chain at this hook that sees the packet does with it; all must let it pass. */
  public Map<FilterChain, Outcome> at(String hook) {
    return ruleset.chains().stream()
        .filter(chain -> packet.isSeenBy(chain.family()))
        .filter(chain -> chain.hook().filter(h -> isFor(h, hook)).isPresent())
        .collect(
            Collectors.toMap(
                chain -> chain, this::outcome, (one, other) -> one, LinkedHashMap::new));
  }

  private static boolean isFor(FilterChain.Hook hook, String name) {
    return hook.name().equals(name) && hook.type().equals("filter");
  }

  private Outcome outcome(FilterChain chain) {
    Ways ways = new Ways();
    boolean falls = walk(chain, ways, 0);
    boolean drops = chain.hook().orElseThrow().drops();
    if (falls && drops) {
      ways.blames.add(new Blame(chain, Optional.empty()));
    }
    return new Outcome(ways.accepted || falls && !drops, List.copyOf(ways.blames));
  }

  /** Where the packet may end. */
  private static final class Ways {
    private final Set<Blame> blames = new LinkedHashSet<>();
    private boolean accepted;
  }

  /** What may be decided by a rule. */
  private record Branch(Certainty certainty, Statement.Verdict verdict) {}

  /** Goes along a chain; true when the packet may come to its end, or return from it. */
  private boolean walk(FilterChain chain, Ways ways, int depth) {
    boolean returns = false;
    for (FilterRule rule : chain.rules()) {
      for (Branch branch : branches(rule)) {
        boolean goesOn = branch.certainty() != Certainty.YES;
        switch (branch.verdict().kind()) {
          case ACCEPT, QUEUE -> ways.accepted = true;
          case DROP, REJECT -> ways.blames.add(new Blame(chain, Optional.of(rule)));
          case JUMP -> goesOn |= enter(chain, branch.verdict(), ways, depth);
          case GOTO -> returns |= enter(chain, branch.verdict(), ways, depth);
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

  private boolean enter(FilterChain from, Statement.Verdict verdict, Ways ways, int depth) {
    return depth >= DEEPEST
        || ruleset
            .beside(from, verdict.target())
            .map(chain -> walk(chain, ways, depth + 1))
            .orElse(true);
  }

  private List<Branch> branches(FilterRule rule) {
    List<Branch> branches = new ArrayList<>();
    Certainty certainty = Certainty.YES;
    for (Statement statement : rule.statements()) {
      switch (statement) {
        case Statement.Match match -> certainty = certainty.and(matching.of(match));
        case Statement.Unread _ -> certainty = certainty.and(Certainty.MAYBE);
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
    for (Statement.Case one : choice.cases()) {
      Certainty certainty = before.and(matching.of(choice.field(), one.value()));
      if (certainty != Certainty.NO) {
        to.add(new Branch(certainty, one.verdict()));
      }
    }
  }
}
