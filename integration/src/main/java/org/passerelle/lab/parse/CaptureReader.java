package org.passerelle.lab.parse;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.passerelle.lab.model.Check;
import org.passerelle.lab.model.Expectation;
import org.passerelle.lab.model.FrameCount;
import org.passerelle.lab.model.Located;
import org.passerelle.lab.model.Point;
import org.passerelle.lab.model.Position;
import org.passerelle.lab.model.Problems;
import org.passerelle.lab.yaml.Value;
import org.passerelle.lab.yaml.YamlReader;

/** {@code capture:}. */
final class CaptureReader {
  private final Problems problems;
  private final TrafficReader traffic;

  CaptureReader(Problems problems, TrafficReader traffic) {
    this.problems = problems;
    this.traffic = traffic;
  }

  Optional<Check> read(Value value, Optional<String> name, Position at) {
    Fields fields = Fields.of(value, "capture", problems);
    Optional<Located<Point>> point =
        fields.needScalar("at", "at: wire").flatMap(s -> fields.read(s, Grammar::point));
    List<Check.Traffic> during = during(fields.need("during", "during: {ping: web -> gw}"));
    Optional<Located<String>> filter = fields.one("filter", text -> text);
    Expectation expect = fields.take("expect").map(this::expectation).orElse(Expectation.NONE);
    fields.done("of a capture");
    return point.map(
        p ->
            new Check.Capture(
                name.orElse("capture " + p.value() + title(during)),
                p,
                during,
                filter,
                expect,
                at));
  }

  private static String title(List<Check.Traffic> during) {
    return during.isEmpty() ? "" : " during " + during.getFirst().name();
  }

  /** One check, or a list of them. */
  private List<Check.Traffic> during(Optional<Value> value) {
    List<Check.Traffic> checks = new ArrayList<>();
    for (Value item : value.map(YamlReader::items).orElse(List.of())) {
      Fields fields = Fields.of(item, "during", problems);
      fields.unsupported("udp", "dhcp", "send", "migrate", "tcp-stream");
      for (String kind : TrafficReader.KINDS) {
        fields
            .take(kind)
            .flatMap(inner -> traffic.read(kind, inner, Optional.empty(), fields.keyAt(kind)))
            .ifPresent(checks::add);
      }
      fields.done("in during");
    }
    return checks;
  }

  private Expectation expectation(Value value) {
    Fields fields = Fields.of(value, "expect", problems);
    Expectation expectation =
        new Expectation(
            fields.one("frames", CaptureReader::count).map(Located::value),
            fields.each("vlan", CaptureReader::vlan).stream().map(Located::value).toList(),
            fields.each("ether-src", text -> text),
            fields.each("ether-dst", text -> text),
            fields.each("ip-src", text -> text),
            fields.each("ip-dst", text -> text));
    fields.done("in expect");
    return expectation;
  }

  private static FrameCount count(String text) {
    return FrameCount.parse(text)
        .orElseThrow(() -> new IllegalArgumentException("not a number of frames; write \">= 2\""));
  }

  private static int vlan(String text) {
    return text.equals("none") ? 0 : Grammar.number(text, 1, 4094, "a VLAN id, nor `none`");
  }
}
