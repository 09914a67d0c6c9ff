package org.passerelle.scripts.agent;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * The lanes that launchers come by, each with pipes and a thread of its own. While the script of
 * one runs, the next launcher of another says what it wants, and the one before fetches its reply.
 */
final class CallLanes implements AutoCloseable {
  /** One in which a script runs, one for all else. {@code scripts/lib/calls.sh} knows, too. */
  private static final int LANES = 2;

  private final List<CallServer> lanes;

  /**
   * @param directory for the lanes' own
   * @param server serves one, by its directory
   */
  CallLanes(Path directory, Function<Path, CallServer> server) {
    this.lanes =
        IntStream.range(0, LANES)
            .mapToObj(number -> server.apply(directory.resolve(Integer.toString(number))))
            .toList();
  }

  /** The first lane is the last to be there: who sees it sees all. */
  void start() throws IOException {
    for (CallServer lane : lanes.reversed()) {
      lane.start();
    }
  }

  /** To be called a few times a second; throws what keeps one from serving. */
  void look() throws IOException {
    for (CallServer lane : lanes) {
      lane.look();
      if (lane.failure() != null) {
        throw new IOException("serving calls failed: " + lane.failure(), lane.failure());
      }
    }
  }

  /** Lets calls that are under way end. */
  @Override
  public void close() {
    lanes.forEach(CallServer::close);
  }
}
