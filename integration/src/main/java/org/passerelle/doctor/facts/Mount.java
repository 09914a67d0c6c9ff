package org.passerelle.doctor.facts;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.passerelle.link.os.HostFiles;

/**
 * What is mounted, by a line of /proc/self/mountinfo (proc(5)):
 *
 * <pre>
 *   36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue
 *   number  |   root  |    options    optional   type  source   options of all mounts of it
 *        device     point             fields
 * </pre>
 *
 * @param device its numbers, decimal; stat(2) gives others for some file systems
 * @param options of this mount, and of the file system
 */
record Mount(String device, String point, List<String> options) {
  private static final int FIELDS = 10;

  /** That on which a path lies: the nearest, and there the last, which lies over the others. */
  static Optional<Mount> of(HostFiles files, Path path) {
    return files.lines("proc/self/mountinfo").stream()
        .map(line -> line.split(" "))
        .filter(words -> words.length >= FIELDS)
        .map(Mount::of)
        .filter(mount -> path.startsWith(mount.point()))
        .reduce((best, next) -> next.point().length() < best.point().length() ? best : next);
  }

  private static Mount of(String[] words) {
    Stream<String> options = Stream.of(words[5], words[words.length - 1]);
    return new Mount(
        words[2], words[4], options.flatMap(all -> Stream.of(all.split(","))).toList());
  }

  /** The device as /proc/locks has it, hexadecimal, two digits or more each. */
  String lockDevice() {
    String[] numbers = device.split(":");
    return "%02x:%02x".formatted(Integer.parseInt(numbers[0]), Integer.parseInt(numbers[1]));
  }
}
