package org.passerelle.lab.check;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.passerelle.lab.capture.Capture;
import org.passerelle.lab.capture.Judge;
import org.passerelle.lab.model.Check;
import org.passerelle.lab.model.Located;
import org.passerelle.lab.model.Point;

/** {@code capture}: watches a point while other traffic runs, keeps the frames, judges them. */
final class CaptureCheck {
  private final RunningLab lab;
  private final TrafficRunner traffic;
  private final Path directory;
  private int number;

  CaptureCheck(RunningLab lab, TrafficRunner traffic, Path directory) {
    this.lab = lab;
    this.traffic = traffic;
    this.directory = directory;
  }

  Verdict run(Check.Capture check) throws Exception {
    try (Capture capture = new Capture(check.filter().map(Located::value))) {
      start(capture, check.point().value());
      List<String> troubles = new ArrayList<>();
      for (Check.Traffic each : check.during()) {
        Verdict verdict = traffic.run(each);
        if (!verdict.passed()) {
          troubles.add(each.name() + ": " + verdict.seen());
        }
      }
      capture.stop();
      return judged(check, capture, troubles);
    }
  }

  private void start(Capture capture, Point point) {
    switch (point) {
      case Point.Wire wire -> lab.onWire(wire.name(), () -> listen(capture, wire.name()));
      case Point.Device device -> lab.at(device.station(), () -> listen(capture, device.device()));
      case Point.Ring ring -> capture.endWith(lab.observe(ring, capture.observer()));
    }
  }

  private static Void listen(Capture capture, String device) {
    capture.listenOn(device);
    return null;
  }

  private Verdict judged(Check.Capture check, Capture capture, List<String> troubles)
      throws Exception {
    Path file = save(check.point().value(), capture);
    Judge.Judgement judgement = new Judge(lab.topology(), check.expect()).judge(capture.frames());
    Optional<String> trouble = troubles.stream().findFirst();
    boolean passed = judgement.passed() && trouble.isEmpty();
    String seen = judgement.passed() ? trouble.orElse(judgement.seen()) : judgement.seen();
    return Verdict.of(passed, judgement.expected(), seen).with(List.of(file), judgement.details());
  }

  private Path save(Point point, Capture capture) throws Exception {
    number++;
    String name = "%02d-%s.pcapng".formatted(number, point.toString().replace('/', '-'));
    Path file = directory.resolve(name);
    capture.save(file, point.toString());
    return file;
  }
}
