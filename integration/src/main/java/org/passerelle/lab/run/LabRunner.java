package org.passerelle.lab.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.passerelle.lab.check.CheckRunner;
import org.passerelle.lab.check.Outcome;
import org.passerelle.lab.model.Check;
import org.passerelle.lab.report.RunResult;
import org.passerelle.lab.topology.Topology;
import org.passerelle.link.os.FileTrouble;
import org.passerelle.link.port.PcapWriter;

/** Runs a lab: up, checks, down; the way in to this package. */
public final class LabRunner {
  private final Topology topology;
  private final Path base;
  private final Path captures;
  private final GuestMode mode;
  private final Progress progress;
  private final Consumer<Outcome> onOutcome;

  /**
   * @param base where run directories are, see {@link RunDirectory#base}
   * @param captures where capture files go; those of the lab's last run are replaced
   * @param mode where the domUs' netfronts run
   * @param onOutcome is told each check's outcome as soon as it is known
   */
  public LabRunner(
      Topology topology,
      Path base,
      Path captures,
      GuestMode mode,
      Progress progress,
      Consumer<Outcome> onOutcome) {
    this.topology = Requirements.decided(topology);
    this.base = base;
    this.captures = captures;
    this.mode = mode;
    this.progress = progress;
    this.onOutcome = onOutcome;
  }

  /**
   * Runs it and takes it down again.
   *
   * @throws LabException when it could not be built; everything is gone again
   * @throws TeardownException when something could not be taken down
   * @throws InterruptedException when the calling thread was interrupted; everything is gone again
   */
  public RunResult run() throws LabException, TeardownException, InterruptedException {
    long start = System.nanoTime();
    Teardown teardown = new Teardown();
    LabSession session;
    List<Outcome> outcomes;
    try {
      session = up(teardown);
      outcomes = check(session);
    } catch (LabException | InterruptedException | RuntimeException e) {
      takeDown(teardown, e);
      throw e;
    }
    progress.step("taking down");
    takeDown(teardown, null);
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    return new RunResult(
        topology.lab().name(),
        topology.lab().switching(),
        outcomes,
        session.crashes(),
        captures,
        took);
  }

  private static void takeDown(Teardown teardown, Exception earlier) throws TeardownException {
    List<String> failures = teardown.run();
    if (!failures.isEmpty()) {
      TeardownException failure = new TeardownException(failures);
      if (earlier != null) {
        failure.addSuppressed(earlier);
      }
      throw failure;
    }
  }

  private LabSession up(Teardown teardown) throws LabException, InterruptedException {
    RunDirectory directory = RunDirectory.acquire(base, topology.lab().name());
    teardown.add("run directory " + directory.path(), directory::close);
    prepareCaptures();
    LabSession session = new LabSession(topology, directory, mode, progress, teardown);
    try {
      session.build();
    } catch (InterruptedException | CancellationException e) {
      throw interrupted(e);
    } catch (LabException e) {
      throw e;
    } catch (Exception e) {
      if (Thread.currentThread().isInterrupted()) {
        throw interrupted(e);
      }
      throw new LabException(String.valueOf(e.getMessage()), e);
    }
    return session;
  }

  private static InterruptedException interrupted(Exception e) {
    Thread.interrupted();
    return (InterruptedException) new InterruptedException("interrupted").initCause(e);
  }

  private List<Outcome> check(LabSession session) throws InterruptedException {
    CheckRunner runner = new CheckRunner(session, captures);
    List<Outcome> outcomes = new ArrayList<>();
    for (Check check : topology.lab().checks()) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      Outcome outcome = runner.run(check);
      onOutcome.accept(outcome);
      outcomes.add(outcome);
    }
    return outcomes;
  }

  /** Makes their directory, and removes the files of an earlier run and nothing else from it. */
  private void prepareCaptures() throws LabException {
    if (topology.lab().checks().stream().noneMatch(Check.Capture.class::isInstance)) {
      return;
    }
    try {
      Files.createDirectories(captures);
      clearOldCaptures();
    } catch (IOException e) {
      throw new LabException(
          FileTrouble.text("make the captures' directory " + captures, e)
              + "; --captures names another one",
          e);
    }
  }

  private void clearOldCaptures() throws IOException {
    try (Stream<Path> files = Files.list(captures)) {
      for (Path file : files.toList()) {
        if (isOurs(file)) {
          Files.delete(file);
        }
      }
    }
  }

  private static boolean isOurs(Path file) throws IOException {
    return file.getFileName().toString().matches("\\d{2}-.*\\.pcapng")
        && Files.isRegularFile(file)
        && PcapWriter.wrote(file);
  }
}
