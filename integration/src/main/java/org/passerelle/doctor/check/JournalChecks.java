package org.passerelle.doctor.check;

import java.util.List;
import java.util.stream.Stream;
import org.passerelle.doctor.Finding;
import org.passerelle.doctor.facts.Facts;
import org.passerelle.doctor.facts.OwnFacts;

/** What killed scripts and labs have left. */
final class JournalChecks {
  private static final Reporter OWN = new Reporter(Finding.Section.PASSERELLE);

  private JournalChecks() {}

  static Stream<Finding> of(Facts facts) {
    OwnFacts own = facts.own();
    if (!own.readable()) {
      return Stream.of(
          OWN.unseen(
              "run-directory-unread",
              own.directory().toString(),
              "what scripts have left was not looked at: it is root's alone",
              "run this as root"));
    }
    List<Finding> left =
        Stream.concat(
                own.journals().stream().filter(one -> !one.running()).map(JournalChecks::left),
                Stream.concat(own.labs().stream().map(JournalChecks::lab), strays(own)))
            .toList();
    return left.isEmpty()
        ? Stream.of(OWN.ok("nothing-left", own.directory().toString(), "nothing is half done"))
        : left.stream();
  }

  private static Finding left(OwnFacts.Left journal) {
    if (journal.owner().isEmpty()) {
      return OWN.bad(
          "journal-unreadable",
          journal.file(),
          "is a journal that is not as it was written",
          "what its script did half is not undone",
          "look at it, put right what it names, then remove it");
    }
    return journal.here()
        ? OWN.bad(
            "journal-left",
            journal.file(),
            journal.owner() + " was killed half-way, and is not undone yet",
            "what it began stays half done until the next script undoes it",
            "run any script, for example network-nat start again, or start the agent; each undoes"
                + " it first")
        : OWN.warn(
            "journal-of-elsewhere",
            journal.file(),
            journal.owner() + " was killed at another boot, or in another network namespace",
            "nothing here: the next script there deals with it, and discards one of another boot",
            "remove it if that namespace is gone");
  }

  private static Finding lab(String directory) {
    return OWN.warn(
            "lab-left",
            directory,
            "a lab was killed, and its directory is still there",
            "its name is free again only when it is removed",
            "remove it")
        .with(List.of("passerelle lab gc"));
  }

  private static Stream<Finding> strays(OwnFacts own) {
    return own.strays().stream()
        .map(
            path ->
                OWN.warn(
                    "stray",
                    path,
                    "is none of Passerelle's",
                    "nothing; but nobody else should write there",
                    "look who made it, and remove it"));
  }
}
