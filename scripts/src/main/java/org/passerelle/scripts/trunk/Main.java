package org.passerelle.scripts.trunk;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Map;
import java.util.Optional;
import org.passerelle.link.os.FileTrouble;
import org.passerelle.link.os.ScriptLock;
import org.passerelle.link.rtnl.KernelException;
import org.passerelle.link.rtnl.Link;
import org.passerelle.scripts.ScriptCall;
import org.passerelle.scripts.ScriptLog;
import org.passerelle.scripts.StopSignal;
import org.passerelle.scripts.TrunkFiles;
import org.passerelle.scripts.TrunkServer;
import org.passerelle.vlan.TaggedNic;

/** {@code passerelle trunk NIC}, as its launcher starts it, and starts it again. */
public final class Main {
  /** The host cannot, and would not the next time. */
  static final int CANNOT = 1;

  private static final int USAGE = 2;
  private static final int ANOTHER_SERVES = 4;

  /** What nobody expected, or what passes: another try may do. */
  static final int FAILED = 5;

  /** Scripts that look whether it is there hold the lock for a moment. */
  private static final int LOCK_TRIES = 20;

  private static final long LOCK_PAUSE_MS = 50;

  private final String netdev;
  private final StopSignal stop;
  private final ScriptLog log;
  private final TrunkFiles files;

  private Main(String netdev, Map<String, String> environment, StopSignal stop) {
    this.netdev = netdev;
    this.stop = stop;
    String name = "passerelle trunk " + netdev;
    this.log = ScriptLog.system(name, environment, ScriptLog.to(System.err, name));
    this.files = TrunkFiles.of(ScriptCall.runDirectory(environment), netdev);
  }

  public static void main(String[] words) {
    StopSignal stop = StopSignal.install();
    int code = FAILED;
    try {
      code = run(words, stop);
    } finally {
      stop.finished();
    }
    stop.exit(code);
  }

  private static int run(String[] words, StopSignal stop) {
    if (words.length != 1 || !Link.isValidName(words[0])) {
      System.err.println("usage: passerelle trunk NIC");
      return USAGE;
    }
    return new Main(words[0], System.getenv(), stop).run();
  }

  private int run() {
    try {
      files.make();
      Optional<ScriptLock> only = takeLock();
      if (only.isEmpty()) {
        log.log(ScriptLog.Level.ERR, "another one serves " + netdev);
        return ANOTHER_SERVES;
      }
      try (ScriptLock _ = only.get()) {
        return serve();
      }
    } catch (KernelException e) {
      return refused(e.getMessage(), codeOf(e));
    } catch (UncheckedIOException e) {
      return refused(e.getMessage(), codeOf(e.getCause()));
    } catch (IOException e) {
      return refused(FileTrouble.text("keep files in " + files.directory(), e), codeOf(e));
    }
  }

  private int refused(String why, int code) {
    log.log(ScriptLog.Level.ERR, why + (code == CANNOT ? "; it is not tried again" : ""));
    return code;
  }

  /** How it ends when the kernel refuses what it needs to begin. */
  static int codeOf(KernelException refusal) {
    return Passing.isOne(refusal) ? FAILED : CANNOT;
  }

  /** The same of files: descriptors and room may be there another time. */
  static int codeOf(IOException trouble) {
    return FileTrouble.isRefusal(trouble) ? CANNOT : FAILED;
  }

  private Optional<ScriptLock> takeLock() {
    Optional<ScriptLock> lock = ScriptLock.tryTake(files.lock());
    for (int more = 1; lock.isEmpty() && more < LOCK_TRIES; more++) {
      pause();
      lock = ScriptLock.tryTake(files.lock());
    }
    return lock;
  }

  private static void pause() {
    try {
      Thread.sleep(LOCK_PAUSE_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private int serve() throws IOException {
    // Of one that was killed; its NIC may be gone by now.
    boolean wasServed = Files.exists(files.number());
    Files.writeString(files.number(), TrunkServer.current().text());
    try (TrunkProcess process = new TrunkProcess(new TaggedNic(netdev), log)) {
      stop.wake(process::stop);
      boolean found = process.start();
      int code = found ? serve(process) : missing(wasServed);
      if (!found || process.hasCleanedUp()) {
        Files.deleteIfExists(files.number());
      }
      return code;
    }
  }

  private int missing(boolean wasServed) {
    if (wasServed) {
      return 0;
    }
    log.log(ScriptLog.Level.ERR, "there is no device " + netdev);
    return CANNOT;
  }

  private int serve(TrunkProcess process) {
    try {
      process.serve();
      return 0;
    } catch (RuntimeException e) {
      log.log(ScriptLog.Level.ERR, "failed: " + e);
      return FAILED;
    }
  }
}
