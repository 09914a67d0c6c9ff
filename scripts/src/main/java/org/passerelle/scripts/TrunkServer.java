package org.passerelle.scripts;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * A trunk process and its keeper, who starts it again when it was killed (scripts/lib/trunk.sh): by
 * their numbers.
 */
public record TrunkServer(long process, long keeper) {
  private static final Pattern NUMBERS = Pattern.compile("([0-9]{1,10}) ([0-9]{1,10})\n");

  /** The calling process, and whoever waits for it. */
  public static TrunkServer current() {
    ProcessHandle self = ProcessHandle.current();
    return new TrunkServer(self.pid(), parent(self));
  }

  /** One that is of another PID namespace has no number here. */
  private static long parent(ProcessHandle process) {
    return process.parent().map(ProcessHandle::pid).orElse(0L);
  }

  /** Empty where there is no such text. */
  static Optional<TrunkServer> parse(String text) {
    return NUMBERS.matcher(text).results().findFirst().map(TrunkServer::of);
  }

  private static TrunkServer of(MatchResult numbers) {
    return new TrunkServer(Long.parseLong(numbers.group(1)), Long.parseLong(numbers.group(2)));
  }

  /** For {@link #parse}. */
  public String text() {
    return process + " " + keeper + "\n";
  }

  /** Whether the keeper is gone: the kernel gives its child to another then. */
  boolean isOrphan() {
    return ProcessHandle.of(process).filter(one -> parent(one) != keeper).isPresent();
  }

  /** Tells it to stop. A number that is another process's by now gets no signal. */
  void stop(String netdev) {
    ProcessHandle.of(process).filter(one -> serves(netdev)).ifPresent(ProcessHandle::destroy);
  }

  private boolean serves(String netdev) {
    try {
      String command = Files.readString(Path.of("/proc/" + process + "/cmdline"));
      return command.endsWith("\0org.passerelle.scripts.trunk.Main\0" + netdev + "\0");
    } catch (IOException e) {
      return false; // It has ended.
    }
  }
}
