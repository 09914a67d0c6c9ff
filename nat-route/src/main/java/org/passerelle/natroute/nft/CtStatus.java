package org.passerelle.natroute.nft;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What rules ask of a connection's status, a set of flags
 * (uapi/linux/netfilter/nf_conntrack_common.h, ip_conntrack_status): a match asks for one that is
 * among its values.
 */
public final class CtStatus {
  public static final String FIELD = "ct status";

  /**
   * As nft lists iptables' {@code --ctstate} where it names DNAT or SNAT: the states that it names
   * beside them are left out, and so is a negation (seen with nft 1.0.6 and iptables 1.8.9). What
   * is not among the values may be asked for all the same.
   */
  public static final String PERHAPS = "ct status, perhaps";

  private static final List<String> TRANSLATED = List.of("snat", "dnat");

  private CtStatus() {}

  /**
   * Reads a match that compares all flags, or one by a mask (libnftables-json(5)); empty when it is
   * of something else, or in no known form.
   */
  static Optional<Statement> read(Map<?, ?> match) {
    Object operator = match.get("op");
    boolean negated = "!=".equals(operator);
    if (!negated && !"==".equals(operator)) {
      return Optional.empty();
    }
    Object right = match.get("right");
    if (isField(match.get("left"))) {
      return Optional.of(whole(negated, right));
    }
    return match.get("left") instanceof Map<?, ?> and
            && and.get("&") instanceof List<?> both
            && both.size() == 2
            && isField(both.getFirst())
            && right instanceof String flag
            && flag.equals(both.getLast())
        ? Optional.of(new Statement.Match(FIELD, negated, List.of(flag)))
        : Optional.empty();
  }

  /** A translated connection has these flags never alone: IPS_SRC_NAT_DONE is with them, or DST. */
  private static Statement whole(boolean negated, Object flags) {
    return isTranslated(flags)
        ? new Statement.Match(FIELD, negated, List.of())
        : new Statement.Unread(FIELD);
  }

  private static boolean isField(Object left) {
    return left instanceof Map<?, ?> one
        && one.get("ct") instanceof Map<?, ?> ct
        && "status".equals(ct.get("key"));
  }

  /** Whether it is one of these, or both. */
  private static boolean isTranslated(Object flags) {
    return flags instanceof Map<?, ?> or && or.get("|") instanceof List<?> both
        ? TRANSLATED.containsAll(both)
        : TRANSLATED.contains(flags);
  }
}
