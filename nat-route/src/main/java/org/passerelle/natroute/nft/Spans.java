package org.passerelle.natroute.nft;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

/**
 * Numbers or addresses. Sorted, and without overlaps: of a hundred thousand networks a few are
 * looked at to find out whether an address is in one of them.
 */
public final class Spans {
  private final List<Span> sorted;

  private Spans(List<Span> sorted) {
    this.sorted = sorted;
  }

  /** Those of these texts that are numbers, addresses, networks or ranges. */
  public static Spans of(Collection<String> texts) {
    return merged(texts.stream().flatMap(text -> Span.parse(text).stream()).toList());
  }

  static Spans merged(List<Span> spans) {
    List<Span> merged = new ArrayList<>(spans.size());
    for (Span span : spans.stream().sorted(Span::compareFirst).toList()) {
      if (!merged.isEmpty() && merged.getLast().meets(span)) {
        merged.set(merged.size() - 1, merged.getLast().and(span));
      } else {
        merged.add(span);
      }
    }
    return new Spans(merged);
  }

  /** These and others. */
  public Spans and(Spans others) {
    return merged(Stream.concat(sorted.stream(), others.sorted.stream()).toList());
  }

  /** Whether all of a number, an address, a network or a range is here. */
  public boolean has(String text) {
    return !sorted.isEmpty() && Span.parse(text).filter(this::has).isPresent();
  }

  boolean hasAll(Spans others) {
    return others.sorted.stream().allMatch(this::has);
  }

  /** The last that begins no later may have it. */
  private boolean has(Span span) {
    int found = Collections.binarySearch(sorted, span, Span::compareFirst);
    int before = found >= 0 ? found : -found - 2;
    return before >= 0 && sorted.get(before).has(span);
  }
}
