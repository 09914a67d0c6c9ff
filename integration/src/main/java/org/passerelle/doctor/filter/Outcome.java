package org.passerelle.doctor.filter;

import java.util.List;

/**
 * What may become of a packet in the chain of a hook.
 *
 * @param accepted whether it may pass
 * @param blames who may drop all such packets, or most
 * @param some who may drop some of them, by what is not known of them or not understood here
 * @param led who may send some of them to another destination, or all
 */
public record Outcome(boolean accepted, List<Blame> blames, List<Blame> some, List<Blame> led) {

  public Outcome {
    blames = List.copyOf(blames);
    some = List.copyOf(some);
    led = List.copyOf(led);
  }

  public boolean isDropped() {
    return !accepted && mayBeDropped();
  }

  public boolean mayBeDropped() {
    return !blames.isEmpty();
  }
}
