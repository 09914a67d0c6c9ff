package org.passerelle.lab.run;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Hands over what is written to it line by line. */
final class LineOutput extends OutputStream {
  /** In octets. A longer line is cut: whoever writes without end fills no memory of ours. */
  static final int MOST = 4096;

  private final Consumer<String> lines;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();

  /** It has been handed over, and goes on. */
  private boolean cut;

  LineOutput(Consumer<String> lines) {
    this.lines = lines;
  }

  @Override
  public synchronized void write(int octet) {
    if (octet == '\n') {
      end();
    } else if (line.size() < MOST) {
      line.write(octet);
    } else if (!cut) {
      emit(" [the rest of the line is cut]");
      cut = true;
    }
  }

  /** A last line may lack its end. */
  @Override
  public synchronized void close() {
    if (line.size() > 0) {
      end();
    }
  }

  private void end() {
    if (!cut) {
      emit("");
    }
    cut = false;
    line.reset();
  }

  private void emit(String suffix) {
    lines.accept(line.toString(StandardCharsets.UTF_8) + suffix);
  }
}
