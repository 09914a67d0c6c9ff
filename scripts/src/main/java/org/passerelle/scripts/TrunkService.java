package org.passerelle.scripts;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.passerelle.bridge.NetloopNames;
import org.passerelle.link.os.FileTrouble;
import org.passerelle.link.plan.Host;
import org.passerelle.link.rtnl.Link;
import org.passerelle.vlan.TaggedNic;

/**
 * The trunk process of a NIC, or of a vif, as the scripts see it. Which VLANs it is to serve they
 * do not tell it: it sees the VLANs' taps come and go by itself. It is started when there are taps
 * and nobody serves them, and ends when the last one is gone.
 */
final class TrunkService {
  /** The one that was there may be about to end, and another launch be needed. */
  private static final int LAUNCHES = 2;

  private final ScriptContext context;
  private final TaggedNic nic;
  private final TrunkLauncher launcher;
  private final Duration patience;
  private final TrunkFiles files;
  private final TrunkPredecessors predecessors;

  /**
   * @param patience what the script waits at most
   */
  TrunkService(ScriptContext context, TaggedNic nic, TrunkLauncher launcher, Duration patience) {
    this.context = context;
    this.nic = nic;
    this.launcher = launcher;
    this.patience = patience;
    this.files = TrunkFiles.of(context.runDirectory(), nic.netdev());
    this.predecessors = new TrunkPredecessors(nic.netdev(), files, context.log());
  }

  /** Whether there are VLANs for it. */
  boolean isNeeded() {
    return !nic.served(new Host(context.kernel())).isEmpty();
  }

  /** What is to be said of it where there are VLANs for it. */
  String status() {
    return "VLANs of " + nic.netdev() + " in user space: " + whoServes();
  }

  private String whoServes() {
    if (files.areHidden()) {
      return "by whom only root sees";
    }
    if (!files.areServed()) {
      return "nobody serves them, and no frame passes; " + whatNext();
    }
    return predecessors.orphan().isEmpty()
        ? process()
        : process()
            + ", whose keeper is gone: it is not started again when it ends; start any of them"
            + " again, and another one with a keeper takes its place";
  }

  private String whatNext() {
    String words = files.lastWords();
    return predecessors
            .resting()
            .map(one -> "process " + one.keeper() + " tries again within a minute")
            .orElse("start any of them again")
        + (words.isEmpty() ? "" : ". What was said last: " + words);
  }

  private String process() {
    return files.serving().map(one -> "process " + one.process()).orElse("a process");
  }

  /** The commands that are missing, for plans in print; none when it runs and is kept. */
  List<String> plan() {
    List<String> ends = predecessors.plan();
    if (files.areServed() && ends.isEmpty()) {
      return List.of();
    }
    String launch = "setsid passerelle trunk " + nic.netdev() + " &";
    return Stream.concat(
            ends.stream(), Stream.of(launch + "  # puts the tags in and takes them out"))
        .toList();
  }

  /**
   * Has the VLANs served that there are, if any; on return they are.
   *
   * @throws ScriptException when they cannot be
   */
  void require() {
    if (isNeeded()) {
      makeDirectory();
      TrunkPatience left = TrunkPatience.of(patience, context.stop());
      predecessors.endOrphan(left);
      predecessors.endResting(left);
      awaitServed(left);
    }
  }

  private void makeDirectory() {
    try {
      files.make();
    } catch (IOException e) {
      throw new ScriptException(FileTrouble.text("make " + files.directory(), e), e);
    }
  }

  private String reason(TrunkPatience left) {
    String words = files.lastWords();
    String slow =
        left.isOver() ? "it was not ready after " + patience.toSeconds() + " s" : "it ended";
    return words.isEmpty() ? slow : words;
  }

  private void awaitServed(TrunkPatience left) {
    Optional<Process> launched = Optional.empty();
    int launches = 0;
    while (!isServed()) {
      boolean nobody = !files.areServed() && launched.filter(Process::isAlive).isEmpty();
      if (nobody && launches == LAUNCHES || left.isOver()) {
        throw new ScriptException(
            "no process serves the VLANs of " + nic.netdev() + ": " + reason(left));
      }
      if (nobody) {
        launches++;
        files.forgetWords();
        launched = Optional.of(launcher.launch(nic.netdev(), files.words()));
      }
      left.pause();
    }
  }

  /** A tap has a carrier while somebody has its other end and the NIC has one itself. */
  private boolean isServed() {
    if (!files.areServed()) {
      return false;
    }
    Host host = new Host(context.kernel());
    List<Link> taps = nic.served(host);
    return taps.stream().filter(Link::isUp).allMatch(Link::isRunning)
        || NetloopNames.nicBehind(host, nic.netdev()).filter(Link::isRunning).isEmpty();
  }

  /** After a stop: with VLANs left they are served; without, the process has ended. */
  void settle() {
    if (!isNeeded()) {
      awaitEnd();
      return;
    }
    try {
      require();
    } catch (ScriptException e) {
      context.log().log(ScriptLog.Level.WARNING, e.getMessage());
    }
  }

  /** Waits until nobody serves a NIC without VLANs, or one that is gone, and nothing is left. */
  void awaitEnd() {
    TrunkPatience left = TrunkPatience.of(patience, () -> false);
    cleanUp(left);
    if (left.await(() -> !files.areServed())) {
      files.forgetWords();
    } else {
      context.log().log(
          ScriptLog.Level.WARNING, process() + ", which served them, has not ended; kill it");
    }
  }

  /**
   * One that was killed, or told to stop while there were VLANs, has left its number and a filter
   * at the NIC, one that is gone its taps: another one, which finds nothing to serve, removes them.
   */
  private void cleanUp(TrunkPatience left) {
    if (!files.areServed() && (Files.exists(files.number()) || isNeeded())) {
      makeDirectory();
      predecessors.endResting(left);
      try {
        launcher
            .launch(nic.netdev(), files.words())
            .waitFor(left.leftNanos(), TimeUnit.NANOSECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
