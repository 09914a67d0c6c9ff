package org.passerelle.doctor.check;

import java.util.List;
import java.util.stream.Stream;
import org.passerelle.doctor.Finding;
import org.passerelle.doctor.facts.Facts;
import org.passerelle.doctor.facts.OwnFacts;

/** The resident agent, and what starts scripts fast without it. */
final class AgentChecks {
  private static final Reporter OWN = new Reporter(Finding.Section.PASSERELLE);
  private static final List<String> RESTART = List.of("systemctl restart passerelle-agent");

  private AgentChecks() {}

  static Stream<Finding> of(Facts facts) {
    return facts.own().readable()
        ? Stream.concat(Stream.of(agent(facts.own())), archive(facts.own()))
        : Stream.empty();
  }

  private static Finding agent(OwnFacts own) {
    if (own.agent().isEmpty()) {
      return OWN.ok("no-agent", "agent", "does not run; scripts start by themselves");
    }
    OwnFacts.Agent agent = own.agent().get();
    String subject = "agent, process " + agent.pid();
    if (!agent.running()) {
      return OWN.warn(
              "agent-dead",
              subject,
              "was killed",
              "scripts start by themselves, more slowly; where xl runs none, nobody attaches vifs",
              "start it again")
          .with(RESTART);
    }
    if (!agent.serves()) {
      return OWN.warn(
              "agent-deaf",
              subject,
              "runs, and its pipes are not there",
              "scripts start by themselves, more slowly",
              "start it anew")
          .with(RESTART);
    }
    return agent.older()
        ? OWN.warn(
                "agent-older",
                subject,
                "runs what was built before the last build",
                "scripts do not hand their calls to it, and start by themselves",
                "start it anew")
            .with(RESTART)
        : OWN.ok("agent", subject, "serves");
  }

  private static Stream<Finding> archive(OwnFacts own) {
    return own.unarchived().isEmpty()
        ? Stream.empty()
        : Stream.of(
            OWN.warn(
                "no-archive",
                "scripts/target/lib",
                "has no archive of classes for " + String.join(", ", own.unarchived()),
                "scripts take about twice as long to start",
                "call one as the owner of these files, who can write there, or see the logs"
                    + " beside"));
  }
}
