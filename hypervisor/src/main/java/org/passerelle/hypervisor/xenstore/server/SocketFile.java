package org.passerelle.hypervisor.xenstore.server;

import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;

/**
 * The socket's place in the file system. The socket is bound in a directory of its own that only we
 * can enter, gets its mode there and is then moved to its place, so that at no time can another
 * user connect; the move replaces a socket to which nobody listens any more.
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
    if (somebodyListens()) {
      throw new IOException(
          "listen on " + path + ": EADDRINUSE, another xenstored serves it; stop that one first");
    }
  }

  private boolean somebodyListens() throws IOException {
    try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      return probe.connect(UnixDomainSocketAddress.of(path));
    } catch (ConnectException e) {
      return false;
    }
  }

  /** Puts the socket that was bound in its place. */
  void publish() throws IOException {
    Path bound = room.resolve("s");
    Files.setPosixFilePermissions(bound, PosixFilePermissions.fromString("rw-------"));
    Files.move(bound, path, StandardCopyOption.ATOMIC_MOVE);
    identity = attributes().fileKey();
    Files.delete(room);
  }

  /** Removes the socket, unless another has taken its place. */
  void remove() throws IOException {
    if (room != null && Files.exists(room)) {
      Files.deleteIfExists(room.resolve("s"));
      Files.delete(room);
    }
    boolean present = Files.exists(path, LinkOption.NOFOLLOW_LINKS);
    if (identity != null && present && identity.equals(attributes().fileKey())) {
      Files.delete(path);
    }
  }

  private BasicFileAttributes attributes() throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
  }
}
