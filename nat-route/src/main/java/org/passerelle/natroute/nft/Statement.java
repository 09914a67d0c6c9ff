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
   * @param values addresses, networks, names (with {@code *} at the end for all that begin so),
   *     ranges as {@code 80-90}
   */
  record Match(String field, boolean negated, List<String> values) implements Statement {}

  /** What a rule decides. */
  enum Kind {
    ACCEPT,
    DROP,
    REJECT,
    QUEUE,
    JUMP,
    GOTO,
    RETURN,
    CONTINUE
  }

  /**
   * The decision.
   *
   * @param target the chain to go on in; empty for others than jump and goto
   */
  record Verdict(Kind kind, String target) implements Statement {}

  /** A decision for some of a field's values. */
  record Choice(String field, List<Case> cases) implements Statement {}

  /** One of them. */
  record Case(String value, Verdict verdict) {}

  /** Something of which it is not known here whether it holds. */
  record Unread(String what) implements Statement {}
}
