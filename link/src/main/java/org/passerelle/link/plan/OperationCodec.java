package org.passerelle.link.plan;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.passerelle.link.rtnl.Address;
import org.passerelle.link.rtnl.DhcpHost;
import org.passerelle.link.rtnl.Guard;
import org.passerelle.link.rtnl.LinkKind;
import org.passerelle.link.rtnl.LinkSpec;
import org.passerelle.link.rtnl.RawAttribute;
import org.passerelle.link.rtnl.TableEntry;
import org.passerelle.link.rtnl.VethKind;
import org.passerelle.link.wire.IpPrefix;
import org.passerelle.link.wire.MacAddress;

/** Operations as lines of a journal, and back. */
final class OperationCodec {
  private static final String DEVICE = "device";
  private static final String INDEX = "index";
  private static final String ALONE = "alone";
  private static final String THERE = "there";
  private static final Optional<String> YES = Optional.of("yes");

  private OperationCodec() {}

  static String encode(CreateLink create) {
    LinkSpec spec = create.spec();
    Fields fields = new Fields("create-link").put(DEVICE, spec.name()).put("group", spec.group());
    fields.put("mac", spec.mac());
    spec.mtu().ifPresent(mtu -> fields.put("mtu", mtu));
    return kind(fields, spec.kind()).toString();
  }

  static String encode(DeleteLink delete) {
    return kind(device("delete-link", delete.device(), delete.index()), delete.kind()).toString();
  }

  static String encode(Rename rename) {
    return device("rename", rename.device(), rename.index()).put("to", rename.to()).toString();
  }

  /** Each address is a line of its own, as a value. */
  static String encode(Relabel relabel) {
    Fields fields = device("relabel", relabel.device(), relabel.index());
    int number = 0;
    for (Address address : relabel.addresses()) {
      fields.put("address" + number++, ConfigurationCodec.put(new Fields("address"), address));
    }
    return fields.toString();
  }

  static String encode(SetLink set) {
    return device("set-link", set.device(), set.index())
        .put("property", set.property())
        .put("value", set.value())
        .put("left", set.left())
        .toString();
  }

  static String encode(AddAddress add) {
    return ConfigurationCodec.put(indexed("add-address", add.index()), add.address());
  }

  static String encode(RemoveAddress remove) {
    return ConfigurationCodec.put(indexed("remove-address", remove.index()), remove.address());
  }

  static String encode(ChangeAddress change) {
    return ConfigurationCodec.put(indexed("change-address", change.index()), change.address());
  }

  static String encode(AddRoute add) {
    return ConfigurationCodec.put(
        indexed("add-route", add.index()).put(ALONE, add.alone() ? YES : Optional.empty()),
        add.route());
  }

  static String encode(MoveRoute move) {
    return ConfigurationCodec.put(
        new Fields("move-route")
            .put("from", move.from())
            .put("from-index", move.fromIndex())
            .put("onto", move.to())
            .put("onto-index", move.toIndex()),
        move.route());
  }

  static String encode(AddNeighbour add) {
    return ConfigurationCodec.put(indexed("add-neighbour", add.index()), add.neighbour());
  }

  static String encode(RemoveNeighbour remove) {
    return ConfigurationCodec.put(indexed("remove-neighbour", remove.index()), remove.neighbour());
  }

  static String encode(RemoveRoute remove) {
    return ConfigurationCodec.put(indexed("remove-route", remove.index()), remove.route());
  }

  static String encode(SetSysctl set) {
    return device("set-sysctl", set.device(), set.index())
        .put("family", set.family())
        .put("name", set.name())
        .put("value", set.value())
        .put("left", set.left())
        .toString();
  }

  static String encode(SetGuard set) {
    Fields fields = new Fields("set-guard").put(THERE, set.there());
    putAll(fields.put(DEVICE, set.guard().device()), "rule", set.guard().rules());
    return fields.toString();
  }

  static String encode(SetTable set) {
    return new Fields("set-table").put(THERE, set.there()).toString();
  }

  static String encode(SetEntry set) {
    Fields fields = new Fields("set-entry").put(THERE, set.there()).put("set", set.entry().set());
    putAll(fields, "key", set.entry().key());
    putAll(fields, "data", set.entry().data());
    return fields.put("owner", set.entry().owner()).toString();
  }

  static String encode(SetDhcpUser set) {
    return new Fields("set-dhcp-user").put(THERE, set.there()).put("user", set.user()).toString();
  }

  static String encode(SetMark set) {
    return new Fields("set-mark").put("file", set.file()).put("word", set.word()).toString();
  }

  static String encode(SetDhcpHost set) {
    DhcpHost host = set.host();
    return new Fields("set-dhcp-host")
        .put(THERE, set.there())
        .put("vif", host.vif())
        .put(DEVICE, host.device())
        .put("mac", host.mac())
        .put("address", host.address().getHostAddress())
        .put("router", host.router().getHostAddress())
        .put("name", host.name())
        .toString();
  }

  /** Throws IllegalArgumentException for anything that {@code encode} does not make. */
  static Operation decode(String line) {
    Fields fields = Fields.read(line);
    Operation operation =
        switch (fields.word()) {
          case "create-link" -> new CreateLink(spec(fields));
          case "delete-link" ->
              new DeleteLink(fields.take(DEVICE), fields.number(INDEX), kind(fields));
          case "rename" -> new Rename(fields.take(DEVICE), fields.number(INDEX), fields.take("to"));
          case "relabel" -> relabel(fields);
          case "set-link" -> set(fields);
          case "add-address" ->
              new AddAddress(ConfigurationCodec.address(fields), fields.number(INDEX));
          case "remove-address" ->
              new RemoveAddress(ConfigurationCodec.address(fields), fields.number(INDEX));
          case "change-address" ->
              new ChangeAddress(ConfigurationCodec.address(fields), fields.number(INDEX));
          case "add-route" ->
              new AddRoute(
                  ConfigurationCodec.route(fields),
                  fields.number(INDEX),
                  fields.takeIfAny(ALONE).equals(YES));
          case "move-route" ->
              new MoveRoute(
                  ConfigurationCodec.route(fields),
                  fields.take("from"),
                  fields.number("from-index"),
                  fields.take("onto"),
                  fields.number("onto-index"));
          case "add-neighbour" ->
              new AddNeighbour(ConfigurationCodec.neighbour(fields), fields.number(INDEX));
          case "remove-neighbour" ->
              new RemoveNeighbour(ConfigurationCodec.neighbour(fields), fields.number(INDEX));
          case "remove-route" ->
              new RemoveRoute(ConfigurationCodec.route(fields), fields.number(INDEX));
          case "set-sysctl" -> sysctl(fields);
          case "set-table" -> new SetTable(isThere(fields));
          case "set-entry" -> entry(fields);
          case "set-guard" -> guard(fields);
          case "set-mark" -> new SetMark(fields.take("file"), fields.takeIfAny("word"));
          case "set-dhcp-user" -> dhcpUser(fields);
          case "set-dhcp-host" -> dhcpHost(fields);
          default -> throw new IllegalArgumentException("unknown operation " + fields.word());
        };
    fields.expectEmpty();
    return operation;
  }

  private static SetGuard guard(Fields fields) {
    boolean there = isThere(fields);
    return new SetGuard(new Guard(fields.take(DEVICE), takeAll(fields, "rule")), there);
  }

  private static SetDhcpUser dhcpUser(Fields fields) {
    boolean there = isThere(fields);
    return new SetDhcpUser(fields.take("user"), there);
  }

  private static SetDhcpHost dhcpHost(Fields fields) {
    boolean there = isThere(fields);
    return new SetDhcpHost(
        new DhcpHost(
            fields.take("vif"),
            fields.take(DEVICE),
            fields.parse("mac", MacAddress::parse),
            fields.parse("address", IpPrefix::address),
            fields.parse("router", IpPrefix::address),
            fields.take("name")),
        there);
  }

  private static Fields indexed(String word, int index) {
    return new Fields(word).put(INDEX, index);
  }

  private static Fields device(String word, String device, int index) {
    return new Fields(word).put(DEVICE, device).put(INDEX, index);
  }

  private static LinkSpec spec(Fields fields) {
    Optional<String> mtu = fields.takeIfAny("mtu");
    return new LinkSpec(
        fields.take(DEVICE),
        kind(fields),
        fields.takeIfAny("mac").map(MacAddress::parse),
        mtu.isPresent() ? OptionalInt.of(Integer.parseInt(mtu.get())) : OptionalInt.empty(),
        fields.number("group"));
  }

  private static Fields kind(Fields fields, LinkKind kind) {
    fields.put("kind", kind.name());
    return kind instanceof VethKind veth
        ? fields.put("peer", veth.peer())
        : fields
            .put("lower", kind.lower())
            .put("data", attributes(kind.data()))
            .put("arguments", kind.ipArguments());
  }

  private static LinkKind kind(Fields fields) {
    String name = fields.take("kind");
    return fields
        .takeIfAny("peer")
        .<LinkKind>map(VethKind::new)
        .orElseGet(
            () ->
                new RecordedKind(
                    name,
                    fields.takeIfAny("lower"),
                    attributes(fields.take("data")),
                    fields.take("arguments")));
  }

  private static Relabel relabel(Fields fields) {
    List<Address> addresses = new ArrayList<>();
    Optional<String> line = fields.takeIfAny("address0");
    while (line.isPresent()) {
      Fields part = Fields.read(line.get());
      addresses.add(ConfigurationCodec.address(part));
      part.expectEmpty();
      line = fields.takeIfAny("address" + addresses.size());
    }
    return new Relabel(fields.take(DEVICE), fields.number(INDEX), addresses);
  }

  private static SetLink set(Fields fields) {
    return new SetLink(
        fields.take(DEVICE),
        fields.number(INDEX),
        fields.parse("property", LinkProperty::valueOf),
        fields.take("value"),
        fields.takeIfAny("left"));
  }

  private static boolean isThere(Fields fields) {
    return switch (fields.take(THERE)) {
      case "true" -> true;
      case "false" -> false;
      case String other -> throw new IllegalArgumentException("neither true nor false: " + other);
    };
  }

  private static SetEntry entry(Fields fields) {
    boolean there = isThere(fields);
    return new SetEntry(
        new TableEntry(
            fields.take("set"),
            takeAll(fields, "key"),
            takeAll(fields, "data"),
            fields.take("owner")),
        there);
  }

  private static void putAll(Fields fields, String name, List<String> values) {
    for (int i = 0; i < values.size(); i++) {
      fields.put(name + i, values.get(i));
    }
  }

  private static List<String> takeAll(Fields fields, String name) {
    List<String> values = new ArrayList<>();
    Optional<String> value = fields.takeIfAny(name + 0);
    while (value.isPresent()) {
      values.add(value.get());
      value = fields.takeIfAny(name + values.size());
    }
    return values;
  }

  private static SetSysctl sysctl(Fields fields) {
    return new SetSysctl(
        fields.take(DEVICE),
        fields.number(INDEX),
        fields.take("family"),
        fields.take("name"),
        fields.take("value"),
        fields.takeIfAny("left"));
  }

  /** {@code TYPE:HEX,TYPE:HEX}. */
  static String attributes(List<RawAttribute> attributes) {
    StringBuilder text = new StringBuilder();
    for (RawAttribute attribute : attributes) {
      text.append(text.isEmpty() ? "" : ",").append(attribute.type()).append(':');
      text.append(HexFormat.of().formatHex(attribute.value()));
    }
    return text.toString();
  }

  static List<RawAttribute> attributes(String text) {
    return text.isEmpty()
        ? List.of()
        : List.of(text.split(",", -1)).stream().map(OperationCodec::attribute).toList();
  }

  private static RawAttribute attribute(String text) {
    int colon = text.indexOf(':');
    if (colon < 1) {
      throw new IllegalArgumentException("not type:octets: " + text);
    }
    return new RawAttribute(
        Integer.parseInt(text.substring(0, colon)),
        HexFormat.of().parseHex(text.substring(colon + 1)));
  }
}
