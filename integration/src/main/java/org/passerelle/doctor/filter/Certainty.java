package org.passerelle.doctor.filter;

/** Whether a rule is for a packet. */
enum Certainty {
  NO,
  /** For some such packets, or nobody can say. */
  SOME,
  /** For all such packets but some. */
  MOST,
  YES;

  static Certainty of(boolean known) {
    return known ? YES : NO;
  }

  Certainty and(Certainty other) {
    return compareTo(other) < 0 ? this : other;
  }

  Certainty or(Certainty other) {
    return compareTo(other) > 0 ? this : other;
  }

  Certainty not() {
    return values()[YES.ordinal() - ordinal()];
  }
}
