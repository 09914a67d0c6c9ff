package org.passerelle.lab.parse;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.passerelle.lab.model.Domain;
import org.passerelle.lab.model.Located;
import org.passerelle.lab.model.Problems;
import org.passerelle.lab.model.Settings;
import org.passerelle.lab.model.VifLine;
import org.passerelle.lab.yaml.Value;
import org.passerelle.lab.yaml.YamlReader;
import org.passerelle.link.wire.VlanId;

/** {@code domains:}. */
final class DomainReader {
  private static final Pattern INTERFACE = Pattern.compile("eth(\\d{1,2})(?:\\.(\\d+))?");

  private final Problems problems;

  DomainReader(Problems problems) {
    this.problems = problems;
  }

  List<Domain> read(Optional<Value> value) {
    List<Domain> domains = new ArrayList<>();
    if (value.isPresent()) {
      Fields each = Fields.of(value.get(), "domains", problems);
      each.keys().forEach(name -> domain(name, each).ifPresent(domains::add));
    }
    return domains;
  }

  private Optional<Domain> domain(String name, Fields all) {
    var valid = all.read(new Value.Scalar(name, false, all.keyAt(name)), Grammar::name);
    Fields fields = Fields.of(all.take(name).orElseThrow(), "a domain", problems);
    List<VifLine> vifs = vifs(fields);
    boolean forwards = fields.one("forward", Grammar::truth).map(Located::value).orElse(false);
    List<Domain.Interface> interfaces = new ArrayList<>();
    for (String key : fields.keys()) {
      Matcher matcher = INTERFACE.matcher(key);
      if (matcher.matches()) {
        guestInterface(matcher, key, fields).ifPresent(interfaces::add);
      }
    }
    fields.take("eth0");
    fields.done("of a domain");
    return valid.map(v -> new Domain(name, vifs, interfaces, forwards, all.keyAt(name)));
  }

  private List<VifLine> vifs(Fields domain) {
    List<VifLine> vifs = new ArrayList<>();
    for (Value item : domain.take("vif").map(YamlReader::items).orElse(List.of())) {
      Fields.scalar("vif", item, problems)
          .map(line -> new VifLineReader(line, problems).read())
          .ifPresent(vifs::add);
    }
    return vifs;
  }

  private Optional<Domain.Interface> guestInterface(Matcher name, String key, Fields domain) {
    Optional<Located<VlanId>> vlan =
        Optional.ofNullable(name.group(2))
            .flatMap(id -> domain.read(scalar(id, key, domain), VlanId::parse));
    Fields fields = Fields.of(domain.take(key).orElseThrow(), key, problems);
    Settings settings = SettingsReader.read(fields).with(leased(fields));
    fields.done("of a guest's interface");
    return name.group(2) != null && vlan.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Domain.Interface(
                Integer.parseInt(name.group(1)),
                vlan.map(Located::value),
                settings,
                domain.keyAt(key)));
  }

  private static Settings leased(Fields fields) {
    // Whoever says what cannot be read wants it: without addresses each check would seem wrong.
    boolean said = fields.keys().contains("dhcp");
    boolean leased = fields.one("dhcp", Grammar::truth).map(Located::value).orElse(said);
    return new Settings(List.of(), List.of(), List.of(), leased);
  }

  private static Value.Scalar scalar(String text, String key, Fields domain) {
    return new Value.Scalar(text, false, domain.keyAt(key));
  }
}
