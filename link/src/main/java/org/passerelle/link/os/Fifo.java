package org.passerelle.link.os;

import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * A named pipe that is ours: made anew, for our user alone, and held open at both ends, so that
 * opening it blocks nobody (fifo(7)) and whoever has it open sees its end when we close it, or die.
 */
public final class Fifo implements AutoCloseable {
  private static final int MODE = 0600;

  private final Path path;
  private final RandomAccessFile file;
  private final FileInputStream input;
  private final FileOutputStream output;

  private Fifo(Path path, RandomAccessFile file) throws IOException {
    this.path = path;
    this.file = file;
    this.input = new FileInputStream(file.getFD());
    this.output = new FileOutputStream(file.getFD());
  }

  /** Makes it, in the place of whatever is there. */
  public static Fifo make(Path path) throws IOException {
    // Under another name first: a shell that opens a pipe which is not there makes a file.
    Path unfinished = path.resolveSibling(path.getFileName() + ".new");
    Files.deleteIfExists(unfinished);
    Libc.mkfifo(unfinished.toString(), MODE, "make the pipe " + path);
    Files.move(unfinished, path, StandardCopyOption.ATOMIC_MOVE);
    return new Fifo(path, new RandomAccessFile(path.toFile(), "rw"));
  }

  /** Waits for octets; never ends, since we have the other end too. */
  public InputStream input() {
    return input;
  }

  /** Unbuffered: what is written at once arrives at once, up to 4096 octets undivided. */
  public OutputStream output() {
    return output;
  }

  /** How many octets nobody has read yet. */
  public int pending() throws IOException {
    return input.available();
  }

  /** Another one in its place, and then its end for those who have it open. This one is closed. */
  public Fifo renew() throws IOException {
    Fifo next = make(path);
    file.close();
    return next;
  }

  /** Those who have it open see its end; those who come find none. */
  @Override
  public void close() throws IOException {
    Files.deleteIfExists(path);
    file.close();
  }
}
