package org.passerelle.natroute.nft;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a listing in nft's language tells beside the JSON: the rules, by their tables and handles,
 * and the devices of chains, of which the JSON says nothing (seen with 1.0.6).
 */
final class RuleTexts {
  private static final Pattern TABLE = Pattern.compile("table (\\S+ \\S+) \\{.*");
  private static final Pattern CHAIN = Pattern.compile("\tchain (\\S+) \\{.*");
  private static final Pattern END = Pattern.compile(".*( # handle (\\d+))");

  /** {@code device "eth0"}, {@code devices = { eth0, "eth1" }}. */
  private static final Pattern DEVICES =
      Pattern.compile("type .* device(?:s = \\{)? ([^;}]*?) (?:\\} )?priority .*");

  private final Map<String, String> rules = new HashMap<>();
  private final Map<String, List<String>> devices = new HashMap<>();
  private final StringBuilder statement = new StringBuilder();
  private String table = "";
  private String chain = "";

  private RuleTexts() {}

  static RuleTexts read(String listing) {
    RuleTexts texts = new RuleTexts();
    listing.lines().forEach(texts::add);
    return texts;
  }

  private void add(String line) {
    if (line.startsWith("\t\t")) {
      addStatement(line);
      return;
    }
    statement.setLength(0);
    Matcher head = TABLE.matcher(line);
    if (head.matches()) {
      table = head.group(1);
    }
    Matcher inner = CHAIN.matcher(line);
    if (inner.matches()) {
      chain = inner.group(1);
    }
  }

  /**
   * A long rule goes over several lines, the last of which has the handle. A set may have a hundred
   * thousand lines without one: each is looked at alone.
   */
  private void addStatement(String line) {
    statement.append(statement.isEmpty() ? "" : " ").append(line.strip());
    Matcher end = END.matcher(line);
    if (end.matches()) {
      statement.setLength(statement.length() - end.group(1).length());
      rules.put(table + " " + end.group(2), statement.toString());
      statement.setLength(0);
    } else if (line.endsWith(";")) {
      addHook(statement.toString());
      statement.setLength(0);
    }
  }

  private void addHook(String declaration) {
    Matcher named = DEVICES.matcher(declaration);
    if (named.matches()) {
      devices.put(
          table + " " + chain,
          Stream.of(named.group(1).split(",")).map(one -> one.replace("\"", "").strip()).toList());
    }
  }

  /** A rule, in nft's language. */
  Optional<String> rule(String ofTable, String handle) {
    return Optional.ofNullable(rules.get(ofTable + " " + handle));
  }

  /**
   * The devices that a chain is for.
   *
   * @param ofChain with its table
   */
  List<String> devices(String ofChain) {
    return devices.getOrDefault(ofChain, List.of());
  }
}
