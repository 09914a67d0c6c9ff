package org.passerelle.doctor.facts;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.passerelle.link.os.HostFiles;
import org.passerelle.link.os.Namespace;
import org.passerelle.link.plan.Journal;
import org.passerelle.link.plan.JournalHead;
import org.passerelle.scripts.RunFile;
import org.passerelle.scripts.TrunkFiles;

/** Looks into the run directory. */
final class OwnReader {
  private static final List<String> KINDS =
      List.of("vif-bridge", "vif-route", "vif-nat", "network", "agent");

  private final HostFiles files;
  private final Path directory;
  private final Path built;
  private final Locks locks;

  OwnReader(HostFiles files, Path directory, Path home) {
    this.files = files;
    this.directory = directory;
    this.built = home.resolve("scripts/target/lib");
    this.locks = new Locks(files);
  }

  /**
   * @param trunks the NICs whose VLANs a trunk process is to serve
   */
  OwnFacts read(Collection<String> trunks) {
    return new OwnFacts(
        directory,
        !Files.isDirectory(directory) || Files.isReadable(directory),
        journals(),
        names(RunFile.ANTISPOOF),
        words(RunFile.SERVICES),
        words(RunFile.GUARDS),
        started(),
        words(RunFile.FORWARDS),
        names(RunFile.LIMITED),
        !names(RunFile.LEASES).isEmpty() || Files.exists(RunFile.DHCP.in(directory)),
        trunks.stream().filter(this::isServed).toList(),
        agent(),
        unarchived(),
        labs(),
        strays());
  }

  private List<String> names(RunFile below) {
    return files.names(below.in(directory).toString());
  }

  private Stream<Path> paths(RunFile below) {
    return names(below).stream().map(below.in(directory)::resolve);
  }

  private boolean isServed(String netdev) {
    return locks.isLocked(TrunkFiles.of(directory, netdev).lock());
  }

  private List<OwnFacts.Left> journals() {
    return paths(RunFile.JOURNALS)
        .filter(file -> file.toString().endsWith(".journal"))
        .map(this::left)
        .filter(left -> Files.exists(Path.of(left.file())))
        .toList();
  }

  /** The lock first: an owner that ends meanwhile takes the file along. */
  private OwnFacts.Left left(Path file) {
    boolean locked = locks.isLocked(file);
    Optional<JournalHead> head = JournalHead.read(text(file));
    return new OwnFacts.Left(
        file.toString(),
        head.map(JournalHead::owner).orElse(""),
        locked,
        head.filter(known -> isHere(known.key())).isPresent());
  }

  private boolean isHere(Journal.Key key) {
    List<String> boot = files.lines("proc/sys/kernel/random/boot_id");
    return boot.contains(key.bootId()) && key.namespace() == Namespace.currentCookie();
  }

  private static String text(Path file) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return "";
    }
  }

  /** What the files of a directory say, by their names. */
  private Map<String, String> words(RunFile below) {
    Map<String, String> words = new TreeMap<>();
    paths(below).forEach(mark -> words.put(mark.getFileName().toString(), text(mark)));
    return words;
  }

  private List<String> started() {
    return paths(RunFile.SETTINGS)
        .flatMap(file -> JournalHead.read(text(file)).stream())
        .filter(head -> isHere(head.key()))
        .map(JournalHead::owner)
        .toList();
  }

  private Optional<OwnFacts.Agent> agent() {
    Path note = RunFile.CALLS.in(directory).resolve("agent");
    String pid = text(note).strip();
    return pid.matches("\\d+")
        ? Optional.of(
            new OwnFacts.Agent(
                Long.parseLong(pid),
                Files.exists(files.root().resolve("proc/" + pid)),
                Files.exists(note.resolveSibling("0/token")),
                isOlder(note, built.resolve("built"))))
        : Optional.empty();
  }

  private static boolean isOlder(Path one, Path other) {
    try {
      return Files.getLastModifiedTime(one).compareTo(Files.getLastModifiedTime(other)) < 0;
    } catch (IOException e) {
      return false;
    }
  }

  private List<String> unarchived() {
    return Files.exists(built.resolve("built"))
        ? KINDS.stream().filter(kind -> Files.notExists(built.resolve(kind + ".archived"))).toList()
        : List.of();
  }

  private List<String> labs() {
    return paths(RunFile.LABS)
        .filter(Files::isDirectory)
        .filter(lab -> !locks.isLocked(lab.resolve("lock")))
        .map(Path::toString)
        .toList();
  }

  private List<String> strays() {
    return files.names(directory.toString()).stream()
        .filter(name -> !RunFile.isKnown(name))
        .map(name -> directory.resolve(name).toString())
        .toList();
  }
}
