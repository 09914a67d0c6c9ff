package org.passerelle.link.os;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.OptionalInt;
import org.passerelle.link.rtnl.KernelException;

/**
 * How wide the terminal is.
 *
 * <pre>
 *   0      2         4        6        8
 *   | rows | columns | pixels | pixels |      struct winsize (ioctl_tty(2))
 * </pre>
 */
public final class TerminalSize {
  private static final long TIOCGWINSZ = 0x5413;
  private static final int STANDARD_OUTPUT = 1;
  private static final int COLUMNS = 2;
  private static final int SIZE = 8;

  private TerminalSize() {}

  /** That of standard output; empty when it is none, or does not say. */
  public static OptionalInt columns() {
    byte[] size = new byte[SIZE];
    try {
      Libc.ioctl(STANDARD_OUTPUT, TIOCGWINSZ, size, "ask the terminal for its size");
    } catch (KernelException e) {
      return OptionalInt.empty();
    }
    int columns = ByteBuffer.wrap(size).order(ByteOrder.nativeOrder()).getShort(COLUMNS);
    return columns > 0 ? OptionalInt.of(columns) : OptionalInt.empty();
  }
}
