package org.passerelle.netback.testing;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import org.passerelle.link.port.Frame;
import org.passerelle.link.port.Frame.Gso;
import org.passerelle.link.port.Port;

/** A port whose frames a test puts in and takes out as values. */
public final class MemoryPort implements Port {
  private final String name;
  private final Deque<Sample> incoming = new ArrayDeque<>();

  /** What was sent to the port. */
  public final List<Sample> sent = new ArrayList<>();

  /** How many frames the port still takes. */
  public int room = Integer.MAX_VALUE;

  /** Thrown by the next call when set: a device that is gone. */
  public RuntimeException failure;

  public MemoryPort(String name) {
    this.name = name;
  }

  /** A frame as a value. */
  public record Sample(byte[] octets, boolean blank, boolean validated, Gso gso, int gsoSize) {

    @Override
    public boolean equals(Object other) {
      return other instanceof Sample(byte[] o, boolean b, boolean v, Gso g, int s)
          && Arrays.equals(octets, o)
          && blank == b
          && validated == v
          && gso == g
          && gsoSize == s;
    }

    @Override
    public int hashCode() {
      return Objects.hash(Arrays.hashCode(octets), blank, validated, gso, gsoSize);
    }

    @Override
    public String toString() {
      return octets.length + " bytes, " + blank + " " + validated + " " + gso + " " + gsoSize;
    }
  }

  public void add(Sample sample) {
    incoming.add(sample);
  }

  public int waiting() {
    return incoming.size();
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public boolean receive(Frame frame) {
    check();
    Sample sample = incoming.poll();
    if (sample == null) {
      return false;
    }
    byte[] octets = sample.octets();
    MemorySegment.copy(MemorySegment.ofArray(octets), 0, frame.memory(), Frame.DATA, octets.length);
    frame.length(octets.length);
    frame.checksum(sample.blank(), sample.validated());
    frame.gso(sample.gso(), sample.gsoSize());
    return true;
  }

  @Override
  public boolean send(Frame frame) {
    check();
    if (room == 0) {
      return false;
    }
    room--;
    sent.add(
        new Sample(
            frame.data().toArray(JAVA_BYTE),
            frame.checksumBlank(),
            frame.dataValidated(),
            frame.gso(),
            frame.gsoSize()));
    return true;
  }

  private void check() {
    if (failure != null) {
      throw failure;
    }
  }

  @Override
  public int descriptor() {
    return -1;
  }

  @Override
  public void close() {
    incoming.clear();
  }
}
