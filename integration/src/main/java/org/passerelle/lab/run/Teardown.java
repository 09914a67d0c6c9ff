package org.passerelle.lab.run;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * What has to be undone, last first. Each piece is tried, whatever became of those before it; an
 * interruption does not stop it.
 */
final class Teardown {
  private final Deque<Piece> pieces = new ArrayDeque<>();

  /** Undoes one thing. */
  @FunctionalInterface
  interface Undo {
    void run() throws Exception;
  }

  private record Piece(String what, Undo undo) {}

  void add(String what, Undo undo) {
    pieces.push(new Piece(what, undo));
  }

  /** Undoes everything; returns what failed, and why. */
  List<String> run() {
    boolean interrupted = Thread.interrupted();
    List<String> failures = new ArrayList<>();
    while (!pieces.isEmpty()) {
      Piece piece = pieces.pop();
      try {
        piece.undo().run();
      } catch (Exception e) {
        interrupted |= Thread.interrupted();
        String why = e.getMessage() == null ? e.toString() : e.getMessage();
        failures.add(piece.what() + ": " + why);
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return failures;
  }
}
