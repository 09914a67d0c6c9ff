package org.passerelle.bridge.learning;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.passerelle.link.port.Frame;
import org.passerelle.link.port.Frames;
import org.passerelle.link.port.Port;

/** A port whose other side is a test: it can be full, and it can be broken. */
final class MemoryPort implements Port {
  /** What will be received. */
  final ArrayDeque<Frame> incoming = new ArrayDeque<>();

  /** What was sent, with its metadata. */
  final List<String> sent = new ArrayList<>();

  /** Frames for which there is room. */
  int room = Integer.MAX_VALUE;

  /** Thrown by every call from now on. */
  RuntimeException broken;

  int descriptor = -1;
  int asked;
  private final String name;

  MemoryPort(String name) {
    this.name = name;
  }

  /** What was sent since the last time. */
  List<String> takeSent() {
    List<String> taken = List.copyOf(sent);
    sent.clear();
    return taken;
  }

  /** All that tells one frame from another. */
  static String text(Frame frame) {
    return Frames.hex(frame)
        + (frame.checksumBlank() ? " blank" : "")
        + (frame.dataValidated() ? " validated " : " ")
        + frame.gso()
        + " "
        + frame.gsoSize();
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public boolean receive(Frame frame) {
    asked++;
    breakIfBroken();
    if (incoming.isEmpty()) {
      return false;
    }
    frame.copyFrom(incoming.remove());
    return true;
  }

  @Override
  public boolean send(Frame frame) {
    breakIfBroken();
    if (room == 0) {
      return false;
    }
    room--;
    return sent.add(text(frame));
  }

  private void breakIfBroken() {
    if (broken != null) {
      throw broken;
    }
  }

  @Override
  public int descriptor() {
    return descriptor;
  }

  @Override
  public void close() {
    broken = new IllegalStateException(name + " is closed");
  }
}
