package org.passerelle.hypervisor.xenstore.server;

import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;

/**
 * The socket's place in the file system. The socket is bound in a directory of its own that only we
 * can enter, gets its mode there and is then linked to its place, so that at no time can another
 * user connect, and only one of several servers can have the place. A socket to which nobody
 * listens any more is taken away first; it is looked at once more where it was taken to, as another
 * server may have replaced it just before.
 */
final class SocketFile {
  private final Path path;
  private Path room;
  private Object identity;

  SocketFile(Path path) {
    this.path = path.toAbsolutePath();
  }

  /** Where to bind. Throws {@link IOException} where somebody listens already at the path. */
  Path prepare() throws IOException {
    if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      refuseIfInUse();
    }
    Files.createDirectories(path.getParent());
    // A short name: a socket's whole path has 107 octets at most.
    String name = ".xs" + Integer.toString(new SecureRandom().nextInt(1 << 30), 36);
    room =
        Files.createDirectory(
            path.resolveSibling(name),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    return room.resolve("s");
  }

  private void refuseIfInUse() throws IOException {
    if (!attributes().isOther()) {
      throw new IOException("listen on " + path + ": there is a file that is no socket");
    }
    if (somebodyListens(path)) {
      throw inUse();
    }
  }

  private static boolean somebodyListens(Path socket) throws IOException {
    try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      return probe.connect(UnixDomainSocketAddress.of(socket));
    } catch (ConnectException e) {
      return false;
    }
  }

  /** Puts the socket that was bound in its place. */
  void publish() throws IOException {
    Path bound = room.resolve("s");
    Files.setPosixFilePermissions(bound, PosixFilePermissions.fromString("rw-------"));
    takeDeadAway();
    link(bound);
    identity = attributes().fileKey();
    clear();
  }

  private void takeDeadAway() throws IOException {
    Path taken = room.resolve("t");
    try {
      Files.move(path, taken, StandardCopyOption.ATOMIC_MOVE);
    } catch (NoSuchFileException e) {
      return;
    }
    if (somebodyListens(taken)) {
      link(taken);
      throw inUse();
    }
  }

  private void link(Path socket) throws IOException {
    try {
      Files.createLink(path, socket);
    } catch (FileAlreadyExistsException e) {
      throw inUse();
    }
  }

  private IOException inUse() {
    return new IOException(
        "listen on " + path + ": EADDRINUSE, another xenstored serves it; stop that one first");
  }

  /** Removes the socket, unless another has taken its place. */
  void remove() throws IOException {
    clear();
    boolean present = Files.exists(path, LinkOption.NOFOLLOW_LINKS);
    if (identity != null && present && identity.equals(attributes().fileKey())) {
      Files.delete(path);
    }
  }

  private void clear() throws IOException {
    if (room != null && Files.exists(room)) {
      Files.deleteIfExists(room.resolve("s"));
      Files.deleteIfExists(room.resolve("t"));
      Files.delete(room);
    }
  }

  private BasicFileAttributes attributes() throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
  }
}
