package org.passerelle.scripts.agent;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.passerelle.hypervisor.xenstore.client.StoreSocket;
import org.passerelle.scripts.ScriptCall;
import org.passerelle.scripts.ScriptName;

/**
 * Serves the launchers, one after the other.
 *
 * <pre>
 *             token taken                       all read
 *   WAITING ---- request ----> WORKING --> ANSWERING ----> WAITING
 *      |                                       |
 *      | no request in time                    | not read in time
 *      +--------------> pipes made anew <------+
 * </pre>
 */
final class CallServer implements AutoCloseable {
  /**
   * A launcher needs less than a millisecond for its part, unless it is killed or stopped; or some
   * hundred start at once, who want the processor before it.
   */
  private static final long PATIENCE_NANOS = 3_000_000_000L;

  private final Path directory;
  private final Path store;
  private final ScriptThread scripts;
  private final Map<String, String> environment;
  private final AgentMetrics metrics;
  private final Consumer<String> log;

  /** Guards itself, and the pipes as others than the thread see them. */
  private final Object lock = new Object();

  private Thread thread;
  private CallPipes pipes;
  private boolean waiting;
  private long takenSince;
  private boolean closing;
  private volatile Exception failure;

  /**
   * @param directory for the pipes; there, and ours alone
   * @param store XenStore's socket: whoever means another one is not served
   * @param environment of the scripts, beside what a launcher says
   */
  CallServer(
      Path directory,
      Path store,
      ScriptThread scripts,
      Map<String, String> environment,
      AgentMetrics metrics,
      Consumer<String> log) {
    this.directory = directory;
    this.store = store;
    this.scripts = scripts;
    this.environment = environment;
    this.metrics = metrics;
    this.log = log;
  }

  /** Once it returns the pipes are there. */
  void start() throws IOException {
    Files.createDirectories(directory);
    CallPipes first = CallPipes.make(directory);
    thread = Thread.ofPlatform().name("calls " + directory.getFileName()).start(() -> serve(first));
  }

  private void serve(CallPipes first) {
    try {
      CallPipes now = first;
      try {
        serveBy(now);
        while (!isClosing()) {
          now = now.renew();
          serveBy(now);
        }
      } finally {
        now.close();
      }
    } catch (IOException | RuntimeException e) {
      failure = e;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Why it serves no more, if it cannot. */
  Exception failure() {
    return failure;
  }

  private boolean isClosing() {
    synchronized (lock) {
      return closing;
    }
  }

  /** Until they are given up. */
  private void serveBy(CallPipes now) throws InterruptedException {
    try {
      while (waitsFor(now)) {
        CallRequest request = now.next();
        synchronized (lock) {
          waiting = false;
        }
        if (!now.answer(answer(request), PATIENCE_NANOS)) {
          throw new IOException("process " + request.pid() + " did not fetch its reply");
        }
      }
    } catch (IOException e) {
      if (!isClosing()) {
        metrics.renewed();
        log.accept("a call is given up, and the pipes are made anew: " + e.getMessage());
      }
    } finally {
      synchronized (lock) {
        pipes = null;
        waiting = false;
      }
    }
  }

  private boolean waitsFor(CallPipes now) {
    synchronized (lock) {
      pipes = now;
      waiting = !closing;
      takenSince = 0;
      return waiting;
    }
  }

  private CallReply answer(CallRequest request) throws InterruptedException {
    ScriptCall call = request.call();
    if (!StoreSocket.path(call.environment()).equals(store) || !ScriptName.isOfVifs(call.name())) {
      return CallReply.refusal(request.pid());
    }
    Map<String, String> all = new HashMap<>(environment);
    all.putAll(call.environment());
    ScriptThread.Outcome outcome =
        scripts.call(
            new ScriptCall(call.name(), call.path(), call.arguments(), all),
            AgentMetrics.Asker.LAUNCHER);
    return CallReply.of(request.pid(), outcome);
  }

  /**
   * To be called a few times a second: whoever took the token and is silent is waited for no more.
   */
  void look() {
    synchronized (lock) {
      try {
        if (!waiting || !pipes.isTaken()) {
          takenSince = 0;
        } else if (takenSince == 0) {
          takenSince = System.nanoTime();
        } else if (System.nanoTime() - takenSince > PATIENCE_NANOS) {
          pipes.wake();
          waiting = false;
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Lets a call that is under way end. */
  @Override
  public void close() {
    synchronized (lock) {
      closing = true;
      if (waiting) {
        wake();
      }
    }
    if (thread == null) {
      return;
    }
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void wake() {
    try {
      pipes.wake();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
