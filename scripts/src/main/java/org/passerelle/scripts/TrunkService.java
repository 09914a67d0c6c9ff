package org.passerelle.scripts;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
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
  /** The agent gives a script 20 s, libxl 40. */
  private static final long PATIENCE_NANOS = 15_000_000_000L;

  private static final long LOOK_MS = 10;

  /** The one that was there may be about to end, and another launch be needed. */
  private static final int LAUNCHES = 2;

  private final ScriptContext context;
  private final TaggedNic nic;
  private final TrunkLauncher launcher;
  private final TrunkFiles files;

  TrunkService(ScriptContext context, TaggedNic nic, TrunkLauncher launcher) {
    this.context = context;
    this.nic = nic;
    this.launcher = launcher;
    this.files = TrunkFiles.of(context.runDirectory(), nic.netdev());
  }

  /** Whether there are VLANs for it. */
  boolean isNeeded() {
    return !nic.served(new Host(context.kernel())).isEmpty();
  }

  /** What is to be said of it where there are VLANs for it. */
  String status() {
    if (files.areHidden()) {
      return "VLANs of " + nic.netdev() + " in user space: by whom only root sees";
    }
    return files
        .serving()
        .map(number -> "VLANs of " + nic.netdev() + " in user space: process " + number)
        .orElse(
            "VLANs of "
                + nic.netdev()
                + " in user space: nobody serves them, and no frame passes; start any of them"
                + " again");
  }

  /** The command that is missing, for plans in print; empty when it runs. */
  Optional<String> plan() {
    return files.serving().isPresent()
        ? Optional.empty()
        : Optional.of(
            "setsid passerelle trunk "
                + nic.netdev()
                + " &  # puts the tags in and takes them out");
  }

  /**
   * Has the VLANs served that there are, if any; on return they are.
   *
   * @throws ScriptException when they cannot be
   */
  void require() {
    if (isNeeded()) {
      makeDirectory();
      awaitServed();
    }
  }

  private void makeDirectory() {
    try {
      files.make();
    } catch (IOException e) {
      throw new ScriptException(FileTrouble.text("make " + files.directory(), e), e);
    }
  }

  private void awaitServed() {
    long end = System.nanoTime() + PATIENCE_NANOS;
    Optional<Process> launched = Optional.empty();
    int launches = 0;
    while (!isServed()) {
      if (context.stop().getAsBoolean()) {
        throw new ScriptException("stopped before the VLANs were served");
      }
      boolean nobody = files.serving().isEmpty() && launched.filter(Process::isAlive).isEmpty();
      if (nobody && launches == LAUNCHES || System.nanoTime() - end > 0) {
        throw new ScriptException(
            "no process serves the VLANs of " + nic.netdev() + ": " + files.lastWords());
      }
      if (nobody) {
        launches++;
        files.forgetWords();
        launched = Optional.of(launcher.launch(nic.netdev(), files.words()));
      }
      pause();
    }
  }

  /** A tap has a carrier while somebody has its other end and the NIC has one itself. */
  private boolean isServed() {
    if (files.serving().isEmpty()) {
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
    cleanUp();
    long end = System.nanoTime() + PATIENCE_NANOS;
    Optional<String> number = files.serving();
    while (number.isPresent() && System.nanoTime() - end < 0) {
      pause();
      number = files.serving();
    }
    if (number.isPresent()) {
      context.log().log(
          ScriptLog.Level.WARNING,
          "process " + number.get() + ", which served them, has not ended; kill it");
    } else {
      files.forgetWords();
    }
  }

  /**
   * One that was killed, or told to stop while there were VLANs, has left its number and a filter
   * at the NIC, one that is gone its taps: another one, which finds nothing to serve, removes them.
   */
  private void cleanUp() {
    if (files.serving().isEmpty() && (Files.exists(files.number()) || isNeeded())) {
      makeDirectory();
      try {
        launcher.launch(nic.netdev(), files.words()).waitFor(PATIENCE_NANOS, TimeUnit.NANOSECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static void pause() {
    try {
      Thread.sleep(LOOK_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ScriptException("interrupted", e);
    }
  }
}
