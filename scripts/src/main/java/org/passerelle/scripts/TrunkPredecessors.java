package org.passerelle.scripts;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Those that give way to a NIC's next trunk process: one whose keeper was killed, and a keeper that
 * rests since his process failed.
 */
record TrunkPredecessors(String netdev, TrunkFiles files, ScriptLog log) {
  private static final String SUCCESSION = "; another one with a keeper takes its place";

  /** Who serves, and is not started again. */
  Optional<TrunkServer> orphan() {
    return files.serving().filter(TrunkServer::isOrphan);
  }

  /** Whose keeper will start another process, later. */
  Optional<TrunkServer> resting() {
    return files.areServed()
        ? Optional.empty()
        : files.latest().filter(one -> one.isResting(netdev));
  }

  /** The commands that end them. */
  List<String> plan() {
    return Stream.concat(
            orphan().map(one -> "kill " + one.process() + "  # its keeper is gone").stream(),
            resting().map(one -> "kill " + one.keeper() + "  # it would start one later").stream())
        .toList();
  }

  /**
   * Without a keeper the VLANs are served until the process is killed, and not after. A keeper can
   * wait for no process but its own: so that one gives way, and frames pass again a second later.
   *
   * @throws ScriptException when it stays
   */
  void endOrphan(TrunkPatience patience) {
    Optional<TrunkServer> orphan = orphan();
    orphan.ifPresent(
        one -> {
          one.stop(netdev);
          // Another script's may serve by then.
          boolean ended = patience.await(() -> !files.serving().equals(orphan));
          String who = "the keeper of process " + one.process() + ", which serves the VLANs of ";
          if (!ended) {
            throw new ScriptException(who + netdev + ", was killed, and it does not end; kill it");
          }
          log.log(ScriptLog.Level.WARNING, who + netdev + ", was killed" + SUCCESSION);
        });
  }

  /** What is about to be started is not to find his next process there. */
  void endResting(TrunkPatience patience) {
    resting()
        .ifPresent(
            one -> {
              one.stopKeeper(netdev);
              patience.await(() -> !one.keeps(netdev));
            });
  }
}
