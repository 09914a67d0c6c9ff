package org.passerelle.lab.parse;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.passerelle.lab.model.Domain;
import org.passerelle.lab.model.Host;
import org.passerelle.lab.model.Lab;
import org.passerelle.lab.model.Located;
import org.passerelle.lab.model.OutsideHost;
import org.passerelle.lab.model.Position;
import org.passerelle.lab.model.Problems;
import org.passerelle.lab.model.ScriptCall;
import org.passerelle.lab.model.TcpService;
import org.passerelle.lab.yaml.Value;
import org.passerelle.lab.yaml.YamlReader;

/** Reads a lab file; the way in to this package. */
public final class LabParser {
  private final Problems problems;

  private LabParser(Problems problems) {
    this.problems = problems;
  }

  /**
   * The lab that the text describes, as far as it could be read. What is wrong is in {@code
   * problems}; the result is empty only when there is nothing to go on with.
   */
  public static Optional<Lab> parse(String text, String file, Problems problems) {
    return YamlReader.read(text, file, problems).flatMap(new LabParser(problems)::lab);
  }

  private Optional<Lab> lab(Value root) {
    if (!(root instanceof Value.Mapping mapping)) {
      problems.error(root.at(), "a lab file is keys and values, not " + root.kind());
      return Optional.empty();
    }
    Fields fields = new Fields(mapping, problems);
    Optional<Located<String>> name =
        fields.needScalar("lab", "lab: office").flatMap(s -> fields.read(s, Grammar::name));
    ScriptReader scripts = new ScriptReader(problems);
    Optional<ScriptCall> network = scripts.network(fields.scalar("network-script"));
    Position without = network.map(ScriptCall::at).orElse(root.at());
    ScriptCall vif = scripts.vif(fields.scalar("vif-script"), without);
    Lab.Switching switching =
        fields.one("switching", Lab.Switching::of).map(Located::value).orElse(Lab.Switching.AUTO);
    channel(fields.scalar("channel"));
    Host host = new HostReader(problems).host(fields.section("host"), root.at());
    List<Domain> domains = new DomainReader(problems).read(fields.section("domains"));
    List<OutsideHost> outside = new HostReader(problems).outside(fields.section("outside"));
    List<TcpService> services = services(fields.take("services"));
    fields.unsupported("links");
    CheckReader checks = new CheckReader(problems);
    Lab lab =
        new Lab(
            name.map(Located::value).orElse("unnamed"),
            network,
            vif,
            switching,
            host,
            domains,
            outside,
            services,
            checks.read(fields.take("checks")));
    fields.done("in a lab file");
    return Optional.of(lab);
  }

  private void channel(Optional<Value.Scalar> value) {
    String word = value.map(Value.Scalar::text).orElse("ring");
    if (word.equals("veth")) {
      problems.unsupported(value.orElseThrow().at(), "channel: veth (vifs without a ring)");
    } else if (!word.equals("ring")) {
      problems.error(value.orElseThrow().at(), word + ": no such channel; ring or veth");
    }
  }

  private List<TcpService> services(Optional<Value> value) {
    List<TcpService> services = new ArrayList<>();
    for (Value item : value.map(YamlReader::items).orElse(List.of())) {
      Fields fields = Fields.of(item, "a service", problems);
      fields.unsupported("udp");
      fields.take("tcp").flatMap(this::tcpService).ifPresent(services::add);
      fields.done("of a service");
    }
    return services;
  }

  private Optional<TcpService> tcpService(Value value) {
    Fields fields = Fields.of(value, "tcp", problems);
    var at = fields.needScalar("at", "at: web").flatMap(s -> fields.read(s, Grammar::name));
    var port = fields.needScalar("port", "port: 80").flatMap(s -> fields.read(s, Grammar::port));
    fields.done("of a tcp service");
    return at.flatMap(a -> port.map(p -> new TcpService(a, p.value())));
  }
}
