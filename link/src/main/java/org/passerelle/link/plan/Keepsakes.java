package org.passerelle.link.plan;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.passerelle.link.list.Words;
import org.passerelle.link.rtnl.Kernel;

/**
 * What the host's settings were before a script was started, for its stop: one file for each user
 * of settings, in a journal's lines, for this boot and namespace only. A setting that several want
 * is put back by the last of them.
 *
 * <p>Whoever uses it has a lock that keeps others out.
 */
public final class Keepsakes {
  private static final String SUFFIX = ".kept";
  private static final String KEPT = "kept ";
  private static final String FORGOTTEN = "forgotten ";

  private final Path directory;
  private final Journal.Key key;

  /**
   * @param directory made when it is not there
   */
  public Keepsakes(Path directory, Journal.Key key) {
    this.directory = directory;
    this.key = key;
  }

  /**
   * One setting, and what puts it back.
   *
   * @param undo the setting itself first, then what changes with it
   */
  private record Kept(List<SetSysctl> undo) {
    boolean isOf(SetSysctl wanted) {
      return undo.getFirst().path().equals(wanted.path())
          && undo.getFirst().left().equals(Optional.of(wanted.value()));
    }

    boolean isSame(Kept other) {
      return undo.getFirst().path().equals(other.undo.getFirst().path());
    }
  }

  /**
   * Keeps what the settings are now, as the last act of a plan that sets them. One that is set
   * already by somebody who has kept it is kept for this one, too.
   */
  public Announcement keeping(String user, List<SetSysctl> wanted, Host host) {
    List<Kept> all = files().stream().flatMap(file -> read(file).stream()).toList();
    List<Kept> keep = new ArrayList<>();
    for (SetSysctl one : wanted) {
      List<SetSysctl> undo =
          one.undo(host).stream().map(operation -> (SetSysctl) operation).toList();
      if (undo.isEmpty()) {
        all.stream().filter(kept -> kept.isOf(one)).findFirst().ifPresent(keep::add);
      } else {
        keep.add(new Kept(undo));
      }
    }
    return new Announcement(KEPT + file(user), () -> write(user, keep));
  }

  /** Puts back what nobody else wants to be as it is, where it still is as we left it. */
  public Plan restoring(String user, Kernel kernel) {
    List<Kept> others =
        files().stream()
            .filter(file -> !file.equals(file(user)))
            .flatMap(file -> read(file).stream())
            .toList();
    Plan.Builder plan = new Plan.Builder();
    read(file(user)).stream()
        .filter(own -> others.stream().noneMatch(own::isSame))
        .forEach(own -> addRestoring(plan, own, kernel));
    return plan.build();
  }

  /** What changes with the setting is put back after it, whatever it is by then. */
  private static void addRestoring(Plan.Builder plan, Kept own, Kernel kernel) {
    boolean due =
        own.undo().getFirst().underPresentName(kernel).filter(one -> one.isDue(kernel)).isPresent();
    if (due) {
      own.undo().stream()
          .flatMap(one -> one.underPresentName(kernel).stream())
          .forEach(one -> plan.add(one, "as it was before"));
    }
  }

  public boolean isKept(String user) {
    return isPresent(file(user));
  }

  private boolean isPresent(Path file) {
    return content(file).isPresent();
  }

  /** Forgets what was kept, as the last act of a plan that puts it back. */
  public Announcement forgetting(String user) {
    return new Announcement(FORGOTTEN + file(user), () -> delete(file(user)));
  }

  /** Whether an announcement of ours has been made; empty for one of somebody else's. */
  public Optional<Boolean> isSeen(String proof) {
    if (proof.startsWith(KEPT)) {
      return Optional.of(isPresent(Path.of(proof.substring(KEPT.length()))));
    }
    return proof.startsWith(FORGOTTEN)
        ? Optional.of(!isPresent(Path.of(proof.substring(FORGOTTEN.length()))))
        : Optional.empty();
  }

  private Path file(String user) {
    return directory.resolve(Words.fileName(user) + "-" + key.namespace() + SUFFIX);
  }

  private List<Path> files() {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(file -> file.toString().endsWith("-" + key.namespace() + SUFFIX))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new FileFailure("list " + directory, e);
    }
  }

  private List<Kept> read(Path file) {
    return content(file).orElseGet(List::of);
  }

  /** Empty also for one of another boot: what it says is not so any more. */
  private Optional<List<Kept>> content(Path file) {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      JournalFormat.Content content =
          JournalFormat.read(Files.readString(file, StandardCharsets.US_ASCII));
      return content.key().equals(key)
          ? Optional.of(content.entries().stream().map(Keepsakes::kept).toList())
          : Optional.empty();
    } catch (IOException e) {
      throw new FileFailure("read " + file, e);
    } catch (IllegalArgumentException | ClassCastException e) {
      throw new RefusedException(file + " is not as it was written; remove it: " + e.getMessage());
    }
  }

  private static Kept kept(JournalFormat.Entry entry) {
    return new Kept(entry.undo().stream().map(SetSysctl.class::cast).toList());
  }

  /** At one stroke. */
  private void write(String user, List<Kept> keep) {
    StringBuilder text = new StringBuilder(JournalFormat.head(key, user));
    for (int i = 0; i < keep.size(); i++) {
      text.append(
          JournalFormat.step(
              i, System.currentTimeMillis() / 1000, List.copyOf(keep.get(i).undo())));
    }
    Path file = file(user);
    Path unfinished = directory.resolve(file.getFileName() + ".new");
    try {
      Files.createDirectories(directory);
      Files.writeString(unfinished, text, StandardCharsets.US_ASCII);
      Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new FileFailure("keep the settings in " + file, e);
    }
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new FileFailure("remove " + file, e);
    }
  }
}
