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

  /**
   * By which its keeper tells the process his number; he may be gone when it asks for its parent.
   */
  private static final String KEEPER = "passerelle.keeper";

  /** The calling process, and whoever said that he waits for it. */
  public static TrunkServer current() {
    return new TrunkServer(ProcessHandle.current().pid(), Long.getLong(KEEPER, 0));
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

  /** Whether the keeper waits before he starts the next process of a NIC. */
  boolean isResting(String netdev) {
    return !serves(netdev) && keeps(netdev);
  }

  boolean keeps(String netdev) {
    return isCommand(keeper, "/passerelle\0trunk\0" + netdev + "\0");
  }

  /** Tells it to stop. A number that is another process's by now gets no signal. */
  void stop(String netdev) {
    if (serves(netdev)) {
      end(process);
    }
  }

  /** Tells the keeper to start no more. */
  void stopKeeper(String netdev) {
    if (keeps(netdev)) {
      end(keeper);
    }
  }

  private static void end(long number) {
    ProcessHandle.of(number).ifPresent(ProcessHandle::destroy);
  }

  private boolean serves(String netdev) {
    return isCommand(process, "\0org.passerelle.scripts.trunk.Main\0" + netdev + "\0");
  }

  private static boolean isCommand(long number, String end) {
    try {
      return Files.readString(Path.of("/proc/" + number + "/cmdline")).endsWith(end);
    } catch (IOException e) {
      return false; // It has ended.
    }
  }
}
