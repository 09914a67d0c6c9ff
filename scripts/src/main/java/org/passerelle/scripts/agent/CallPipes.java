package org.passerelle.scripts.agent;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import org.passerelle.link.os.Fifo;

/** The three pipes, from the making to the end of one of their lives. */
final class CallPipes implements AutoCloseable {
  private static final byte[] TOKEN = {'\n'};
  private static final byte[] WAKE = {'\n'};
  private static final long LOOK_NANOS = 20_000;

  private final Fifo token;
  private final Fifo request;
  private final Fifo reply;
  private final BufferedReader requests;

  private CallPipes(Fifo token, Fifo request, Fifo reply) {
    this.token = token;
    this.request = request;
    this.reply = reply;
    this.requests =
        new BufferedReader(new InputStreamReader(request.input(), StandardCharsets.UTF_8));
  }

  /** The token's pipe is the last that is there, and the first to go: launchers look for it. */
  static CallPipes make(Path directory) throws IOException {
    Fifo request = Fifo.make(directory.resolve("request"));
    Fifo reply = Fifo.make(directory.resolve("reply"));
    return new CallPipes(Fifo.make(directory.resolve("token")), request, reply);
  }

  /**
   * Others in their place, and then the end of these. The token's come last: whoever waits for it
   * sees its end, and finds the new ones.
   */
  CallPipes renew() throws IOException {
    Fifo nextRequest = request.renew();
    Fifo nextReply = reply.renew();
    return new CallPipes(token.renew(), nextRequest, nextReply);
  }

  /** Lets a launcher be next, and waits for what it wants. */
  CallRequest next() throws IOException {
    token.output().write(TOKEN);
    return CallRequest.read(requests);
  }

  /** Whether a launcher has taken the token. */
  boolean isTaken() throws IOException {
    return token.pending() == 0;
  }

  /** Whoever waits in {@link #next} gets what is no request. */
  void wake() throws IOException {
    request.output().write(WAKE);
  }

  /** Answers, and waits until it was read; false when nobody reads it in that time. */
  boolean answer(CallReply answer, long nanoseconds) throws IOException {
    reply.output().write(answer.octets());
    long end = System.nanoTime() + nanoseconds;
    while (reply.pending() > 0) {
      if (System.nanoTime() - end > 0) {
        return false;
      }
      LockSupport.parkNanos(LOOK_NANOS);
    }
    return true;
  }

  @Override
  public void close() throws IOException {
    try (reply;
        request;
        token) {
      // In this order, token first.
    }
  }
}
