package org.passerelle.doctor.filter;

import java.util.List;

/**
 * What may become of a packet in the chain of a hook.
 *
 * @param accepted whether it may pass
 * @param blames who may drop it
 */
public record Outcome(boolean accepted, List<Blame> blames) {

  public Outcome {
    blames = List.copyOf(blames);
  }

  public boolean isDropped() {
    return !accepted && !blames.isEmpty();
  }

  public boolean mayBeDropped() {
    return !blames.isEmpty();
  }
}
