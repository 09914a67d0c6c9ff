package org.passerelle.natroute.nft;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.passerelle.link.list.Lists;
import org.passerelle.link.rtnl.KernelException;
import org.passerelle.link.rtnl.Refusal;
import org.passerelle.link.rtnl.TableEntry;
import org.passerelle.link.rtnl.TableKey;

/**
 * Our table: three chains that never change, and the sets which they ask. So whatever comes and
 * goes is an entry of a set, found by its key: nothing is doubled, and what is removed is exactly
 * that.
 */
final class NftTable {
  /** {@code elements = { tcp . 80 comment "vif1.0" : 10.0.0.1 . 80 }}, without comment or data. */
  private static final Pattern ELEMENT =
      Pattern.compile("elements = \\{ .*?(?: comment \"(.*)\")?(?: : (.*))? \\}");

  private static final Set<String> MAPS = Set.of("forwards4", "forwards6");

  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9._:-]+");

  private static final String IN_TABLE = "\"family\":\"inet\",\"table\":\"passerelle\"";

  /** In nft's own language: its JSON cannot describe maps to several values (seen with 1.0.6). */
  private static final String CREATE =
      """
      create table inet passerelle
      table inet passerelle {
        set uplinks { type ifname; }
        set guests { type ifname; }
        set services { type ifname . inet_proto . inet_service; }
        map forwards4 { type inet_proto . inet_service : ipv4_addr . inet_service; }
        map forwards6 { type inet_proto . inet_service : ipv6_addr . inet_service; }
        chain incoming {
          type nat hook prerouting priority dstnat; policy accept;
          iifname @uplinks fib daddr type local dnat ip to meta l4proto . th dport map @forwards4
          iifname @uplinks fib daddr type local dnat ip6 to meta l4proto . th dport map @forwards6
        }
        chain outgoing {
          type nat hook postrouting priority srcnat; policy accept;
          oifname @uplinks masquerade
        }
        chain arriving {
          type filter hook input priority filter; policy accept;
          iifname != @guests accept
          ct state established,related accept
          icmp type echo-request accept
          icmpv6 type { echo-request, nd-neighbor-solicit, nd-neighbor-advert, nd-router-solicit } accept
          udp sport 68 udp dport 67 accept
          iifname . meta l4proto . th dport @services accept
          drop
        }
      }
      """;

  private final LibNftables library;

  NftTable(LibNftables library) {
    this.library = library;
  }

  Optional<List<TableEntry>> read() {
    String list = "{\"list\":{\"table\":{\"family\":\"inet\",\"name\":\"passerelle\"}}}";
    return ifThere(() -> parse(library.ask(commands(list), "list our table")));
  }

  boolean isThere() {
    String tables = library.tell("list tables inet", "list the tables");
    return Lists.lines(tables).contains("table inet passerelle");
  }

  List<TableEntry> entries(String set) {
    String kind = MAPS.contains(set) ? "map" : "set";
    String name = "{" + IN_TABLE + ",\"name\":" + Json.quote(set) + "}";
    String list = "{\"list\":{\"" + kind + "\":" + name + "}}";
    return ifThere(() -> parse(library.ask(commands(list), "list our " + kind + " " + set)))
        .orElse(List.of());
  }

  /**
   * In nft's own language: of one element it tells nothing in JSON (seen with 1.0.6). What that
   * language has no way to write is looked for.
   */
  Optional<TableEntry> entry(TableKey key) {
    if (!Lists.all(key.parts(), part -> PLAIN.matcher(part).matches())) {
      return Lists.first(entries(key.set()), one -> one.place().equals(key));
    }
    String parts = String.join(" . ", Lists.map(key.parts(), part -> "\"" + part + "\""));
    String get = "get element inet passerelle " + key.set() + " { " + parts + " }";
    return ifThere(() -> library.tell(get, "get " + key.text()))
        .map(ELEMENT::matcher)
        .filter(Matcher::find)
        .map(
            found ->
                new TableEntry(
                    key.set(),
                    key.parts(),
                    found.group(2) == null ? List.of() : List.of(found.group(2).split(" \\. ")),
                    found.group(1) == null ? "" : found.group(1)));
  }

  /** Empty when the kernel says that there is no such thing. */
  private static <T> Optional<T> ifThere(Supplier<T> question) {
    try {
      return Optional.of(question.get());
    } catch (KernelException e) {
      if (Refusal.ENOENT.is(e)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  void create() {
    library.run(CREATE, "create table inet passerelle");
  }

  void delete() {
    String delete = "{\"delete\":{\"table\":{\"family\":\"inet\",\"name\":\"passerelle\"}}}";
    library.run(commands(delete), "delete table inet passerelle");
  }

  void add(TableEntry entry) {
    library.run(element("create", entry, key(entry, true)), words("add", entry));
  }

  void remove(TableEntry entry) {
    library.run(element("delete", entry, key(entry, false)), words("remove", entry));
  }

  private static String words(String verb, TableEntry entry) {
    return verb + " " + String.join(" ", entry.key()) + " in " + entry.set();
  }

  private static String commands(String command) {
    return "{\"nftables\":[" + command + "]}";
  }

  private static String element(String verb, TableEntry entry, String key) {
    String element = entry.data().isEmpty() ? key : "[" + key + "," + parts(entry.data()) + "]";
    return commands(
        "{\""
            + verb
            + "\":{\"element\":{"
            + IN_TABLE
            + ",\"name\":"
            + Json.quote(entry.set())
            + ",\"elem\":["
            + element
            + "]}}}");
  }

  private static String key(TableEntry entry, boolean withComment) {
    String comment = withComment && !entry.owner().isEmpty() ? Json.quote(entry.owner()) : "";
    return comment.isEmpty()
        ? parts(entry.key())
        : "{\"elem\":{\"val\":" + parts(entry.key()) + ",\"comment\":" + comment + "}}";
  }

  private static String parts(List<String> parts) {
    return parts.size() == 1
        ? Json.quote(parts.getFirst())
        : "{\"concat\":[" + String.join(",", Lists.map(parts, NftTable::part)) + "]}";
  }

  private static String part(String text) {
    return text.matches("\\d+") ? text : Json.quote(text);
  }

  private static List<TableEntry> parse(String json) {
    List<TableEntry> entries = new ArrayList<>();
    for (Object object : list(map(Json.parse(json)).get("nftables"))) {
      Map<?, ?> one = map(object);
      Object set = one.containsKey("set") ? one.get("set") : one.get("map");
      if (set != null) {
        Map<?, ?> described = map(set);
        String name = String.valueOf(described.get("name"));
        list(described.get("elem")).forEach(element -> entries.add(entry(name, element)));
      }
    }
    return List.copyOf(entries);
  }

  /** A key, or a pair of key and data; the key alone, or as {@code elem} with a comment. */
  private static TableEntry entry(String set, Object element) {
    Object key = element instanceof List<?> pair ? pair.get(0) : element;
    Object data = element instanceof List<?> pair ? pair.get(1) : null;
    Object inner = key instanceof Map<?, ?> map ? map.get("elem") : null;
    Object value = inner == null ? key : map(inner).get("val");
    Object comment = inner == null ? null : map(inner).get("comment");
    return new TableEntry(
        set,
        texts(value),
        data == null ? List.of() : texts(data),
        comment == null ? "" : comment.toString());
  }

  private static List<String> texts(Object value) {
    Object parts = value instanceof Map<?, ?> map ? map.get("concat") : List.of(value);
    return Lists.map(list(parts), String::valueOf);
  }

  private static List<?> list(Object value) {
    return value == null ? List.of() : (List<?>) value;
  }

  private static Map<?, ?> map(Object value) {
    return (Map<?, ?>) value;
  }
}
