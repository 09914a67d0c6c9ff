package org.passerelle.link.os;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.passerelle.link.list.Lists;

/**
 * The files in which a host says how it is configured and what runs on it.
 *
 * @param root below which they lie
 */
public record HostFiles(Path root) {
  public static final HostFiles REAL = new HostFiles(Path.of("/"));

  /** A file's lines; none where there is no such file, or it may not be read. */
  public List<String> lines(String path) {
    try {
      // Not all of /proc is UTF-8.
      return Lists.lines(
          new String(Files.readAllBytes(root.resolve(path)), StandardCharsets.ISO_8859_1));
    } catch (IOException e) {
      return List.of();
    }
  }

  /** The names in a directory, in order; none where there is no such directory. */
  public List<String> names(String directory) {
    try (Stream<Path> files = Files.list(root.resolve(directory))) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    } catch (IOException e) {
      return List.of();
    }
  }

  /** The first of these paths at which there is a file; empty when none has one. */
  public Optional<Path> first(List<String> paths) {
    return Lists.first(Lists.map(paths, root::resolve), Files::isRegularFile);
  }

  /** Whether they are about the network namespace that the calling thread is in. */
  public boolean areOfThisNetwork() {
    try {
      return isInThisNetwork("1");
    } catch (IOException e) {
      return true;
    }
  }

  /** Whether a process, by its number, is in the network namespace of the calling thread. */
  public boolean isInThisNetwork(String process) throws IOException {
    return network("thread-self").equals(network(process));
  }

  private Path network(String process) throws IOException {
    return Files.readSymbolicLink(root.resolve("proc/" + process + "/ns/net"));
  }
}
