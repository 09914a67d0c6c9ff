package org.passerelle.scripts;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.passerelle.link.os.FileTrouble;
import org.passerelle.link.os.Namespace;
import org.passerelle.link.os.ScriptLock;
import org.passerelle.link.plan.RunMark;

/**
 * What a NIC's trunk process is known by: a lock, which it holds as long as it is there, its
 * number, and its last words. A NIC of the same name in another network namespace has others.
 */
public record TrunkFiles(Path directory, String name) {

  /** Those of a NIC in the calling thread's network namespace; {@code netdev} is its own name. */
  public static TrunkFiles of(Path runDirectory, String netdev) {
    return new TrunkFiles(
        RunFile.TRUNKS.in(runDirectory),
        netdev + "." + Long.toUnsignedString(Namespace.currentCookie()));
  }

  /** Makes the directory, for nobody else to change what is in it. */
  public void make() throws IOException {
    RunMark.makePrivate(directory);
  }

  /** Taken by the process for its whole life. */
  public Path lock() {
    return directory.resolve(name + RunFile.LOCK);
  }

  /** Who serves, in a file that one leaves which has not taken its filter away. */
  public Path number() {
    return directory.resolve(name + ".pid");
  }

  /** What it says where nobody listens: the reason when it does not start. */
  public Path words() {
    return directory.resolve(name + ".log");
  }

  /** True where only root sees whether somebody serves. */
  boolean areHidden() {
    return RunMark.isHidden(directory.getParent()) || RunMark.isHidden(directory);
  }

  /** Whether a process serves now. */
  boolean areServed() {
    if (!Files.exists(lock())) {
      return false;
    }
    Optional<ScriptLock> free = ScriptLock.tryTake(lock());
    free.ifPresent(ScriptLock::leave);
    return free.isEmpty();
  }

  /** Who serves now; empty when nobody does, or has not said yet who it is. */
  Optional<TrunkServer> serving() {
    return areServed() ? latest() : Optional.empty();
  }

  /** Who serves or did so last; empty where all was cleaned up. */
  Optional<TrunkServer> latest() {
    return TrunkServer.parse(text(number()));
  }

  /** The last line that was said; empty when there is none. */
  String lastWords() {
    return text(words()).lines().reduce("", (before, line) -> line);
  }

  /** An earlier process may still write to what was its file. */
  void forgetWords() {
    try {
      Files.deleteIfExists(words());
    } catch (IOException e) {
      throw new UncheckedIOException(FileTrouble.text("remove " + words(), e), e);
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return ""; // Not there yet, or not any more.
    }
  }
}
