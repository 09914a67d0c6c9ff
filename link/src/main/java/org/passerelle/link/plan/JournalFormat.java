package org.passerelle.link.plan;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A journal's lines.
 *
 * <pre>
 *   passerelle-journal version=1 boot=BOOT_ID namespace=COOKIE owner=TEXT
 *   step number=N time=SECONDS        before step N was taken
 *   OPERATION key=value …             what undoes it, in order
 *   undone number=N                   it has been
 *   announcing proof=TEXT             all steps were taken; done, when that is seen
 * </pre>
 */
final class JournalFormat {
  private static final String HEAD = "passerelle-journal";
  private static final String STEP = "step";
  private static final String UNDONE = "undone";
  private static final String ANNOUNCING = "announcing";
  private static final int VERSION = 1;

  private JournalFormat() {}

  static String head(Journal.Key key, String owner) {
    return new Fields(HEAD)
            .put("version", VERSION)
            .put("boot", key.bootId())
            .put("namespace", key.namespace())
            .put("owner", owner)
        + "\n";
  }

  static String step(int number, long time, List<Operation> undo) {
    StringBuilder lines = new StringBuilder();
    lines.append(new Fields(STEP).put("number", number).put("time", time)).append('\n');
    undo.forEach(operation -> lines.append(operation.line()).append('\n'));
    return lines.toString();
  }

  static String undone(int number) {
    return new Fields(UNDONE).put("number", number) + "\n";
  }

  static String announcing(String proof) {
    return new Fields(ANNOUNCING).put("proof", proof) + "\n";
  }

  /**
   * What a journal says.
   *
   * @param proof empty when not all steps were taken, or some have been undone since
   */
  record Content(Journal.Key key, String owner, List<Entry> entries, Optional<String> proof) {

    Set<String> devices() {
      return Devices.of(entries.stream().flatMap(entry -> entry.undo().stream()).toList());
    }
  }

  /**
   * A step that was begun and not undone.
   *
   * @param time when, in seconds since 1970
   */
  record Entry(int number, long time, List<Operation> undo) {}

  /**
   * Reads a journal. A last line that was cut off is left out: its step was never taken. Throws
   * IllegalArgumentException for anything else that is not as we write it.
   */
  static Content read(String text) {
    List<String> lines = List.of(text.substring(0, text.lastIndexOf('\n') + 1).split("\n"));
    Fields head = Fields.read(lines.getFirst());
    if (!head.word().equals(HEAD) || head.number("version") != VERSION) {
      throw new IllegalArgumentException("not a journal of version " + VERSION);
    }
    Journal.Key key = new Journal.Key(head.take("boot"), head.large("namespace"));
    String owner = head.take("owner");
    head.expectEmpty();
    return new Content(key, owner, entries(lines.subList(1, lines.size())), proof(lines));
  }

  private static Optional<String> proof(List<String> lines) {
    return Optional.of(lines.getLast())
        .filter(line -> line.startsWith(ANNOUNCING + " "))
        .map(line -> Fields.read(line).take("proof"));
  }

  private static List<Entry> entries(List<String> lines) {
    List<Entry> entries = new ArrayList<>();
    Set<Integer> undone = new HashSet<>();
    for (String line : lines) {
      if (line.startsWith(STEP + " ")) {
        entries.add(entry(Fields.read(line)));
      } else if (line.startsWith(UNDONE + " ")) {
        undone.add(Fields.read(line).number("number"));
      } else if (!line.startsWith(ANNOUNCING + " ")) {
        addUndo(entries, line);
      }
    }
    entries.removeIf(entry -> undone.contains(entry.number()));
    return entries;
  }

  private static Entry entry(Fields fields) {
    Entry entry = new Entry(fields.number("number"), fields.large("time"), new ArrayList<>());
    fields.expectEmpty();
    return entry;
  }

  private static void addUndo(List<Entry> entries, String line) {
    if (entries.isEmpty()) {
      throw new IllegalArgumentException("an undo outside a step: " + line);
    }
    entries.getLast().undo().add(OperationCodec.decode(line));
  }
}
