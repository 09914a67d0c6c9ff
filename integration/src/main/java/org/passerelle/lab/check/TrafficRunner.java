package org.passerelle.lab.check;

import org.passerelle.lab.model.Check;
import org.passerelle.lab.model.Problems;
import org.passerelle.lab.topology.Journey;
import org.passerelle.lab.topology.Resolver;

/** Makes the traffic of a check. */
final class TrafficRunner {
  private final PingChecks pings;
  private final TcpChecks connections;
  private final Resolver resolver;

  TrafficRunner(RunningLab lab) {
    this.pings = new PingChecks(lab);
    this.connections = new TcpChecks(lab);
    this.resolver = new Resolver(lab.topology(), new Problems());
  }

  Verdict run(Check.Traffic check) throws Exception {
    // The validator has resolved the same path before.
    Journey journey = resolver.journey(check.path()).orElseThrow();
    return switch (check) {
      case Check.Ping ping -> pings.ping(ping, journey);
      case Check.Blocked blocked -> pings.blocked(journey);
      case Check.Tcp tcp -> connections.tcp(tcp, journey);
      case Check.Throughput throughput -> connections.throughput(throughput, journey);
    };
  }
}
