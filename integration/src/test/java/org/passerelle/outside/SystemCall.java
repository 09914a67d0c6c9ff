package org.passerelle.outside;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A call of a thread, as strace logs it.
 *
 * @param number which of the thread's calls of that name it is, from 1: what {@code when=} counts
 */
record SystemCall(String name, int number, String text) {
  private static final Pattern CALL = Pattern.compile("([a-z0-9_]+)\\(.*");
  private static final List<String> OUTSIDE =
      List.of(
          "/run/journal",
          "/run/settings",
          "/run/antispoof",
          "/run/services",
          "/proc/sys/net/",
          "<NETLINK",
          "<UNIX");
  private static final Pattern TYPE = Pattern.compile("nlmsg_type=(\\w+)");

  /** All calls of a log of one thread. */
  static List<SystemCall> read(Path log) {
    List<SystemCall> calls = new ArrayList<>();
    Map<String, Integer> count = new HashMap<>();
    for (String line : lines(log)) {
      Matcher call = CALL.matcher(line);
      if (call.matches()) {
        String name = call.group(1);
        calls.add(new SystemCall(name, count.merge(name, 1, Integer::sum), line));
      }
    }
    return calls;
  }

  /** Whether strace says that the thread was killed at this call of it, or one like it. */
  boolean killedIn(Path log) {
    return lines(log).getLast().contains("killed by SIGKILL") && isSame(read(log).getLast());
  }

  /** Whether strace says that it made this call fail, or one like it. */
  boolean failedIn(Path log) {
    return read(log).stream().anyMatch(call -> call.text.endsWith("(INJECTED)") && isSame(call));
  }

  private static List<String> lines(Path log) {
    try {
      return Files.readAllLines(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The call of another run that is in this one's place: as many calls like it come before it.
   *
   * @param own the run that this call is one of
   */
  Optional<SystemCall> counterpart(List<SystemCall> own, List<SystemCall> others) {
    long before = own.stream().takeWhile(call -> call != this).filter(this::isLike).count();
    return others.stream().filter(this::isLike).skip(before).findFirst();
  }

  private boolean isSame(SystemCall other) {
    return number == other.number && isLike(other);
  }

  /** Name, kind of descriptor, kind of netlink request. */
  private boolean isLike(SystemCall other) {
    return name.equals(other.name) && subject().equals(other.subject());
  }

  private String subject() {
    Matcher type = TYPE.matcher(text);
    String first = text.split("[ ,)]", 2)[0].replaceAll("[0-9a-f]{6,}|\\d+", "#");
    return name.equals("sendto") && type.find() ? first + type.group(1) : first;
  }

  /** It is about our files, the kernel's configuration or XenStore: something outside. */
  boolean isOfConsequence() {
    return OUTSIDE.stream().anyMatch(text::contains);
  }

  /** It may change our files, the kernel's configuration or XenStore; others ask, or wait. */
  boolean isChange() {
    boolean asks = text.contains("nlmsg_type=RTM_GET") || text.contains("NFT_MSG_GET");
    return isOfConsequence()
        && switch (name) {
          case "sendto", "sendmsg", "write", "pwrite64" -> !asks;
          case "openat" -> text.contains("O_CREAT");
          default -> name.matches("rename|unlink|ftruncate|mkdir");
        };
  }
}
