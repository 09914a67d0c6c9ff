package org.passerelle.doctor.filter;

/** Whether a rule is for a packet. */
enum Certainty {
  NO,
  MAYBE,
  YES;

  static Certainty of(boolean known) {
    return known ? YES : NO;
  }

  Certainty and(Certainty other) {
    return compareTo(other) < 0 ? this : other;
  }
}
