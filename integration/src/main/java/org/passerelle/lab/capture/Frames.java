package org.passerelle.lab.capture;

import java.util.List;

/**
 * What came by and passed the filter.
 *
 * @param lost frames that there was no room for; filtered or not is unknown
 */
public record Frames(List<CapturedFrame> list, long lost) {

  public int count() {
    return list.size();
  }

  /** The first frames, each in one line; with a note on how many more there were. */
  public List<String> lines(int most) {
    return lines(list, most);
  }

  List<String> lines(List<CapturedFrame> some, int most) {
    long start = list.isEmpty() ? 0 : list.getFirst().nanos();
    List<String> lines =
        new java.util.ArrayList<>(
            some.stream().limit(most).map(frame -> frame.text(start)).toList());
    if (some.size() > most) {
      lines.add("… and " + (some.size() - most) + " more");
    }
    return lines;
  }
}
