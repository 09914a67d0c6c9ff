package org.passerelle.hypervisor.device;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/** The state of one end of a device, with one setter. Owned by one thread. */
public final class DeviceState {
  private static final Logger LOG = System.getLogger(DeviceState.class.getName());

  private final String device;
  private final DeviceEnd end;
  private final Edge edge;
  private XenbusState state;

  /** What happens on the way from one state to its neighbour, before the state is taken. */
  @FunctionalInterface
  public interface Edge {
    /**
     * @return false when the new state cannot be taken: the machine stays where it was
     */
    boolean cross(XenbusState from, XenbusState to);
  }

  /**
   * @param device its name, for the log
   */
  public DeviceState(String device, DeviceEnd end, XenbusState initial, Edge edge) {
    this.device = device;
    this.end = end;
    this.state = initial;
    this.edge = edge;
  }

  public XenbusState current() {
    return state;
  }

  /**
   * Goes to {@code goal} in the legal steps, crossing an edge at each.
   *
   * @return false when an edge could not be crossed
   */
  public boolean moveTo(XenbusState goal) {
    if (!end.isGoal(goal)) {
      throw end.illegal(state, goal);
    }
    while (state != goal) {
      XenbusState next = end.next(state, goal);
      if (!edge.cross(state, next)) {
        return false;
      }
      set(next);
    }
    return true;
  }

  private void set(XenbusState next) {
    LOG.log(Level.DEBUG, "{0}: {1} -> {2}", device, state, next);
    state = next;
  }
}
