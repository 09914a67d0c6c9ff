package org.passerelle.natroute.nft;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Matches and targets of iptables' own (xtables extensions), of which the JSON has the name alone:
 * the rest is in the rule's text.
 */
final class XtExpression {
  private static final Pattern QUOTED = Pattern.compile("\"[^\"]*\"");
  private static final String NEGATION = " (! |!= )?";
  private static final String VALUES = "(\\{[^}]*\\}|[a-z0-9,-]+)";

  /** What iptables' conntrack asks, and what is understood of it. */
  private static final Clauses CONNTRACK = Clauses.of("ct ", "(ct state|ct status)");

  private static final Clauses ADDRTYPE = Clauses.of("fib ", "(fib [sd]addr(?: \\. [io]if)? type)");

  private static final String WITH_PORTS = "(?:tcp|udp|udplite|sctp|dccp|th)";
  private static final String PORT = WITH_PORTS + " [sd]port";

  /** Those of both ends are asked together, as one of several pairs. */
  private static final Clauses PORTS =
      Clauses.of(WITH_PORTS + " (?![sd]port \\.)", "(" + PORT + "(?: \\. " + PORT + ")?)");

  private XtExpression() {}

  /** One match may ask several questions; what changes no verdict is left out. */
  static List<Statement> read(Map<?, ?> xt, String words) {
    String name = String.valueOf(xt.get("name"));
    if ("target".equals(xt.get("type"))) {
      return target(name);
    }
    return switch (name) {
      case "comment" -> List.of();
      case "conntrack" -> CONNTRACK.read(words);
      case "addrtype" -> ADDRTYPE.read(words);
      case "multiport", "tcp", "udp" -> PORTS.read(words);
      default -> List.of(other(name));
    };
  }

  private static List<Statement> target(String name) {
    return switch (name) {
      case "REJECT" -> decides(Statement.Kind.REJECT);
      case "NFQUEUE" -> decides(Statement.Kind.QUEUE);
      case "DNAT", "NETMAP" -> decides(Statement.Kind.DNAT);
      case "REDIRECT" -> decides(Statement.Kind.REDIRECT);
      case "SNAT" -> decides(Statement.Kind.SNAT);
      case "MASQUERADE" -> decides(Statement.Kind.MASQUERADE);
      default -> List.of();
    };
  }

  private static List<Statement> decides(Statement.Kind kind) {
    return List.of(new Statement.Verdict(kind, ""));
  }

  /** Those of IPv6's extension headers ask for one, whatever else they ask. */
  private static Statement other(String name) {
    return ExtensionHeaders.has(name)
        ? new Statement.Match(name + " header", false, List.of("something"))
        : new Statement.Unread(name);
  }

  /**
   * The questions of one kind of match.
   *
   * @param all every one
   * @param known those that are understood
   */
  private record Clauses(Pattern all, Pattern known) {
    static Clauses of(String first, String known) {
      return new Clauses(
          Pattern.compile("(?<= |^)" + first),
          Pattern.compile("(?<= |^)" + known + NEGATION + VALUES));
    }

    List<Statement> read(String words) {
      String unquoted = QUOTED.matcher(words).replaceAll("\"\"");
      List<Statement> matches = new ArrayList<>();
      Matcher found = known.matcher(unquoted);
      while (found.find()) {
        matches.add(
            new Statement.Match(
                field(found.group(1)), found.group(2) != null, values(found.group(3))));
      }
      if (matches.isEmpty() || matches.size() < all.matcher(unquoted).results().count()) {
        matches.add(new Statement.Unread(unquoted));
      }
      return matches;
    }

    private static String field(String words) {
      return words.equals(CtStatus.FIELD)
          ? CtStatus.PERHAPS
          : words.replaceFirst(" \\. [io]if", "");
    }

    private static List<String> values(String text) {
      return Stream.of(text.split(" *[{},] *")).filter(value -> !value.isEmpty()).toList();
    }
  }
}
