package org.passerelle.lab.model;

import java.util.List;
import java.util.Optional;

/** What is to hold, or to be done, in the order of the file. */
public sealed interface Check {

  /** The name that the file gives it, otherwise what it does. */
  String name();

  Position at();

  /** From where to where, and over what; without a family IPv4 when both ends have it. */
  record Path(Located<Endpoint> from, Located<Endpoint> to, Optional<Family> family) {
    @Override
    public String toString() {
      return from.value()
          + " -> "
          + to.value()
          + family.map(version -> " (" + version + ")").orElse("");
    }
  }

  /** A check whose traffic goes from one end to another. */
  sealed interface Traffic extends Check {
    Path path();
  }

  /** Each of {@code count} echo requests is answered. */
  record Ping(String name, Path path, int count, Position at) implements Traffic {}

  /** Nothing comes through, though the target lives. */
  record Blocked(String name, Path path, Position at) implements Traffic {}

  /** A connection is made and a token comes back over it. */
  record Tcp(String name, Path path, int port, Position at) implements Traffic {}

  /** A bulk transfer reaches at least so many bits a second. */
  record Throughput(String name, Path path, long atLeastBitsPerSecond, Position at)
      implements Traffic {}

  /** What is seen at a point while other traffic runs. */
  record Capture(
      String name,
      Located<Point> point,
      List<Traffic> during,
      Optional<Located<String>> filter,
      Expectation expect,
      Position at)
      implements Check {}

  /** Something done between checks. */
  record Action(String name, Verb verb, Located<Point> vif, Position at) implements Check {}

  /** What can be done to a vif. */
  enum Verb {
    ATTACH("attach"),
    DETACH("detach"),
    RESTART_BACKEND("restart-backend");

    private final String word;

    Verb(String word) {
      this.word = word;
    }

    public String word() {
      return word;
    }
  }
}
