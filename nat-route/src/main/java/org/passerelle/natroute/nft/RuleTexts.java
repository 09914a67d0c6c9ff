package org.passerelle.natroute.nft;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The rules of a listing in nft's language, by their tables and handles. */
final class RuleTexts {
  private static final Pattern TABLE = Pattern.compile("table (\\S+ \\S+) \\{.*");
  private static final Pattern END = Pattern.compile("(.*) # handle (\\d+)");

  private RuleTexts() {}

  /** A long rule goes over several lines, the last of which has the handle. */
  static Map<String, String> read(String listing) {
    Map<String, String> texts = new HashMap<>();
    StringBuilder rule = new StringBuilder();
    String table = "";
    for (String line : listing.lines().toList()) {
      Matcher head = TABLE.matcher(line);
      boolean inChain = line.startsWith("\t\t");
      if (head.matches()) {
        table = head.group(1);
      }
      if (!inChain) {
        rule.setLength(0);
        continue;
      }
      rule.append(rule.isEmpty() ? "" : " ").append(line.strip());
      Matcher end = END.matcher(rule);
      if (end.matches()) {
        texts.put(table + " " + end.group(2), end.group(1));
        rule.setLength(0);
      } else if (line.endsWith(";")) {
        rule.setLength(0);
      }
    }
    return texts;
  }
}
