package org.passerelle.natroute.nft;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Reads a ruleset as the library lists it (libnftables-json(5)). The same in nft's language gives
 * the rules' text, and what the JSON has no words for: matches of iptables' own.
 */
final class RulesetReader {
  /** What changes no verdict. */
  private static final Set<String> ASIDE =
      Set.of("counter", "log", "mangle", "notrack", "ct helper");

  /** The field of a choice by what has no value here. */
  private static final String UNREAD = "unread key";

  private final Map<String, Values> sets = new HashMap<>();
  private final Map<String, Map<?, ?>> maps = new HashMap<>();
  private final RuleTexts texts;

  private RulesetReader(String listing) {
    this.texts = RuleTexts.read(listing);
  }

  /**
   * @param json the whole ruleset
   * @param listing the same in nft's language, with handles
   */
  static Ruleset read(String json, String listing) {
    List<Map<?, ?>> objects =
        list(map(Json.parse(json)).get("nftables")).stream()
            .<Map<?, ?>>map(RulesetReader::map)
            .toList();
    return new RulesetReader(listing).read(objects);
  }

  private Ruleset read(List<Map<?, ?>> objects) {
    of(objects, "set")
        .forEach(set -> elements(set).ifPresent(all -> sets.put(key(set), Values.of(all))));
    of(objects, "map").forEach(one -> maps.put(key(one), one));
    // With a guard for each of a thousand vifs there are as many chains, and many times the rules.
    Map<String, List<Map<?, ?>>> rules =
        of(objects, "rule").stream()
            .collect(Collectors.groupingBy(rule -> table(rule) + " " + rule.get("chain")));
    return new Ruleset(
        of(objects, "table").stream()
            .map(one -> one.get("family") + " " + one.get("name"))
            .toList(),
        of(objects, "chain").stream().map(chain -> chain(chain, rules)).toList());
  }

  private static List<Map<?, ?>> of(List<Map<?, ?>> objects, String kind) {
    return objects.stream()
        .filter(object -> object.containsKey(kind))
        .<Map<?, ?>>map(object -> map(object.get(kind)))
        .toList();
  }

  private static String table(Map<?, ?> object) {
    return object.get("family") + " " + object.get("table");
  }

  private static String key(Map<?, ?> set) {
    return table(set) + " " + set.get("name");
  }

  private FilterChain chain(Map<?, ?> chain, Map<String, List<Map<?, ?>>> rules) {
    return new FilterChain(
        table(chain),
        text(chain.get("name")),
        hook(chain),
        rules.getOrDefault(key(chain), List.of()).stream().map(this::rule).toList());
  }

  private Optional<FilterChain.Hook> hook(Map<?, ?> chain) {
    return Optional.ofNullable(chain.get("hook"))
        .map(
            name ->
                new FilterChain.Hook(
                    text(name),
                    text(chain.get("type")),
                    chain.get("prio") instanceof Long priority ? priority : 0,
                    texts.devices(key(chain)),
                    "drop".equals(chain.get("policy"))));
  }

  private FilterRule rule(Map<?, ?> rule) {
    String handle = text(rule.get("handle"));
    String words = texts.rule(table(rule), handle).orElse("the rule of handle " + handle);
    List<Statement> statements = new ArrayList<>();
    for (Object expression : list(rule.get("expr"))) {
      if (expression instanceof Map<?, ?> one && !one.isEmpty()) {
        add(statements, one, table(rule), words);
      } else {
        statements.add(new Statement.Unread(text(expression)));
      }
    }
    return new FilterRule(words, statements);
  }

  private void add(List<Statement> to, Map<?, ?> expression, String table, String words) {
    String kind = text(expression.keySet().iterator().next());
    Object body = expression.get(kind);
    if (ASIDE.contains(kind)) {
      return;
    }
    if (kind.equals("xt")) {
      to.addAll(XtExpression.read(map(body), words));
      return;
    }
    Optional<Statement> read =
        switch (kind) {
          case "match" -> match(map(body), table);
          case "vmap" -> choice(map(body), table);
          default -> verdict(expression).map(verdict -> verdict);
        };
    if (read.isPresent() && isOfMap(body)) {
      // For what the map has nothing for, the rule is not.
      to.add(new Statement.Unread("map"));
    }
    to.add(read.orElse(new Statement.Unread(kind)));
  }

  /** Whether a translation is to what a map has. */
  private static boolean isOfMap(Object translation) {
    return translation instanceof Map<?, ?> one
        && one.values().stream()
            .anyMatch(to -> to instanceof Map<?, ?> map && map.containsKey("map"));
  }

  private static Optional<Statement.Verdict> verdict(Object expression) {
    if (!(expression instanceof Map<?, ?> one) || one.isEmpty()) {
      return Optional.empty();
    }
    String kind = text(one.keySet().iterator().next());
    String target =
        one.get(kind) instanceof Map<?, ?> body && body.containsKey("target")
            ? text(body.get("target"))
            : "";
    for (Statement.Kind known : Statement.Kind.values()) {
      if (known.name().toLowerCase(Locale.ROOT).equals(kind)) {
        return Optional.of(new Statement.Verdict(known, target));
      }
    }
    return Optional.empty();
  }

  private Optional<Statement> match(Map<?, ?> match, String table) {
    return TcpFlags.read(match)
        .or(() -> FibField.read(match))
        .or(() -> CtStatus.read(match))
        .or(() -> plain(match, table));
  }

  private Optional<Statement> plain(Map<?, ?> match, String table) {
    String operator = text(match.get("op"));
    boolean negated = operator.equals("!=") || operator.equals("!");
    if (!negated && !operator.equals("==") && !operator.equals("in")) {
      return Optional.empty();
    }
    return field(match.get("left"))
        .flatMap(
            field ->
                values(match.get("right"), table)
                    .map(values -> new Statement.Match(field, negated, values)));
  }

  private Optional<Statement> choice(Map<?, ?> vmap, String table) {
    Object data = vmap.get("data");
    Object pairs =
        data instanceof Map<?, ?> set
            ? set.get("set")
            : maps.getOrDefault(table + " " + text(data).replaceFirst("@", ""), Map.of())
                .get("elem");
    List<Statement.Case> cases = new ArrayList<>();
    Optional<String> field = field(vmap.get("key"));
    for (Object pair : list(pairs)) {
      List<?> both = list(pair);
      Optional<Statement.Verdict> verdict =
          both.size() == 2 ? verdict(both.getLast()) : Optional.empty();
      if (verdict.isEmpty()) {
        return Optional.empty();
      }
      Optional<String> value = value(both.getFirst());
      field = field.filter(_ -> value.isPresent());
      cases.add(new Statement.Case(value.orElse(UNREAD), verdict.get()));
    }
    return Optional.of(new Statement.Choice(field.orElse(UNREAD), cases));
  }

  private static Optional<String> field(Object left) {
    if (left instanceof Map<?, ?> one && one.size() == 1) {
      Object body = one.values().iterator().next();
      if (body instanceof List<?> parts && one.containsKey("concat")) {
        return joined(parts, RulesetReader::field);
      }
      if (one.containsKey("payload") && map(body).containsKey("protocol")) {
        return Optional.of(map(body).get("protocol") + " " + map(body).get("field"));
      }
      if (one.containsKey("exthdr") && map(body).containsKey("field")) {
        return Optional.of(map(body).get("name") + " " + map(body).get("field"));
      }
      if (one.containsKey("fib")) {
        return FibField.name(map(body));
      }
      if (one.containsKey("meta") || one.containsKey("ct")) {
        return Optional.of(one.keySet().iterator().next() + " " + map(body).get("key"));
      }
    }
    return Optional.empty();
  }

  private Optional<Values> values(Object right, String table) {
    if (right instanceof String name && name.startsWith("@")) {
      return Optional.ofNullable(sets.get(table + " " + name.substring(1)));
    }
    Optional<List<String>> texts =
        right instanceof Map<?, ?> one && one.containsKey("set")
            ? all(list(one.get("set")))
            : right instanceof List<?> several ? all(several) : value(right).map(List::of);
    return texts.map(Values::of);
  }

  private static Optional<List<String>> elements(Map<?, ?> set) {
    return all(list(set.get("elem")));
  }

  /** Every one of them, or none. */
  private static Optional<List<String>> all(List<?> elements) {
    List<String> values = elements.stream().flatMap(one -> value(one).stream()).toList();
    return values.size() == elements.size() ? Optional.of(values) : Optional.empty();
  }

  private static Optional<String> value(Object value) {
    if (value instanceof String || value instanceof Long) {
      return Optional.of(text(value));
    }
    if (!(value instanceof Map<?, ?> one)) {
      return Optional.empty();
    }
    if (one.get("elem") instanceof Map<?, ?> element) {
      return value(element.get("val"));
    }
    if (one.get("prefix") instanceof Map<?, ?> prefix) {
      return Optional.of(prefix.get("addr") + "/" + prefix.get("len"));
    }
    if (one.get("concat") instanceof List<?> parts) {
      return joined(parts, RulesetReader::value);
    }
    return one.get("range") instanceof List<?> range && range.size() == 2
        ? Optional.of(range.get(0) + "-" + range.get(1))
        : Optional.empty();
  }

  /** What several fields ask together, or several values are: all of it, or nothing. */
  private static Optional<String> joined(
      List<?> parts, Function<Object, Optional<String>> reading) {
    List<String> read = parts.stream().flatMap(part -> reading.apply(part).stream()).toList();
    return read.size() == parts.size()
        ? Optional.of(String.join(Statement.AND, read))
        : Optional.empty();
  }

  private static String text(Object value) {
    return String.valueOf(value);
  }

  private static List<?> list(Object value) {
    return value instanceof List<?> list ? list : List.of();
  }

  private static Map<?, ?> map(Object value) {
    return (Map<?, ?>) value;
  }
}
