package org.passerelle.doctor.facts;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.passerelle.link.os.HostFiles;
import org.passerelle.link.os.Namespace;
import org.passerelle.link.plan.Journal;
import org.passerelle.link.plan.JournalHead;

/** Looks into the run directory. */
final class OwnReader {
  /** What the scripts, the agent and labs have there. */
  private static final Set<String> KNOWN =
      Set.of(
          "journal",
          "settings",
          "antispoof",
          "guards",
          "forwards",
          "services",
          "limited",
          "calls",
          "vif-slots",
          "lab",
          "agent.prom",
          "agent.prom.new");

  private static final List<String> KINDS =
      List.of("vif-bridge", "vif-route", "vif-nat", "network", "agent");

  private final HostFiles files;
  private final Path directory;
  private final Path built;

  OwnReader(HostFiles files, Path directory, Path home) {
    this.files = files;
    this.directory = directory;
    this.built = home.resolve("scripts/target/lib");
  }

  OwnFacts read() {
    return new OwnFacts(
        directory,
        !Files.isDirectory(directory) || Files.isReadable(directory),
        journals(),
        names("antispoof"),
        guards(),
        started(),
        !names("forwards").isEmpty(),
        names("limited"),
        agent(),
        unarchived(),
        labs(),
        strays());
  }

  private List<String> names(String below) {
    return FactReader.in(directory.resolve(below)).stream()
        .map(path -> path.getFileName().toString())
        .toList();
  }

  private List<OwnFacts.Left> journals() {
    return FactReader.in(directory.resolve("journal")).stream()
        .filter(file -> file.toString().endsWith(".journal"))
        .map(this::left)
        .filter(left -> Files.exists(Path.of(left.file())))
        .toList();
  }

  /** The lock first: an owner that ends meanwhile takes the file along. */
  private OwnFacts.Left left(Path file) {
    boolean locked = isLocked(file);
    Optional<JournalHead> head = JournalHead.read(text(file));
    return new OwnFacts.Left(
        file.toString(),
        head.map(JournalHead::owner).orElse(""),
        locked,
        head.filter(known -> isHere(known.key())).isPresent());
  }

  /** Looked up, not tried: whoever tries a lock has it for a moment. */
  private boolean isLocked(Path file) {
    try {
      String inode = ":" + Files.getAttribute(file, "unix:ino") + " ";
      return files.lines("proc/locks").stream().anyMatch(line -> line.contains(inode));
    } catch (IOException e) {
      return false;
    }
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

  private Map<String, String> guards() {
    Map<String, String> guards = new TreeMap<>();
    for (Path mark : FactReader.in(directory.resolve("guards"))) {
      guards.put(mark.getFileName().toString(), text(mark));
    }
    return guards;
  }

  private List<String> started() {
    return FactReader.in(directory.resolve("settings")).stream()
        .flatMap(file -> JournalHead.read(text(file)).stream())
        .filter(head -> isHere(head.key()))
        .map(JournalHead::owner)
        .toList();
  }

  private Optional<OwnFacts.Agent> agent() {
    Path note = directory.resolve("calls/agent");
    String pid = text(note).strip();
    return pid.matches("\\d+")
        ? Optional.of(
            new OwnFacts.Agent(
                Long.parseLong(pid),
                Files.exists(files.root().resolve("proc/" + pid)),
                Files.exists(note.resolveSibling("token")),
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
    return FactReader.in(directory.resolve("lab")).stream()
        .filter(Files::isDirectory)
        .filter(lab -> !isLocked(lab.resolve("lock")))
        .map(Path::toString)
        .toList();
  }

  private List<String> strays() {
    return FactReader.in(directory).stream()
        .filter(path -> !KNOWN.contains(path.getFileName().toString()))
        .filter(path -> !path.toString().endsWith(".lock"))
        .map(Path::toString)
        .toList();
  }
}
