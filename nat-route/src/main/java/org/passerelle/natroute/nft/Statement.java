package org.passerelle.natroute.nft;

import java.util.List;

/** A part of a rule; what neither decides nor asks anything, a counter for one, is left out. */
public sealed interface Statement {
  /** Between the fields that are asked for together, and between their values: a concatenation. */
  String AND = " . ";

  /**
   * Asks for one of these values.
   *
   * @param field in nft's words: {@code meta iifname}, {@code ip saddr}
   * @param negated asks for none of them
   */
  record Match(String field, boolean negated, Values values) implements Statement {
    public Match(String field, boolean negated, List<String> values) {
      this(field, negated, Values.of(values));
    }
  }

  /** What a rule decides. */
  enum Kind {
    ACCEPT,
    DROP,
    REJECT,
    QUEUE,
    JUMP,
    GOTO,
    RETURN,
    CONTINUE,
    /** Another destination. */
    DNAT,
    REDIRECT,
    /** Another sender. */
    SNAT,
    MASQUERADE
  }

  /**
   * The decision.
   *
   * @param target the chain to go on in; empty for others than jump and goto
   */
  record Verdict(Kind kind, String target) implements Statement {}

  /** A decision for some of a field's values. */
  record Choice(String field, Cases cases) implements Statement {
    public Choice(String field, List<Case> cases) {
      this(field, new Cases(cases));
    }
  }

  /** One of them. */
  record Case(Values values, Verdict verdict) {
    public Case(String value, Verdict verdict) {
      this(Values.of(List.of(value)), verdict);
    }
  }

  /** Something of which it is not known here whether it holds. */
  record Unread(String what) implements Statement {}
}
