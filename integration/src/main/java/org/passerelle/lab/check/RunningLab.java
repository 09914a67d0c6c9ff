package org.passerelle.lab.check;

import java.util.concurrent.Callable;
import org.passerelle.lab.capture.FrameSource;
import org.passerelle.lab.model.Check;
import org.passerelle.lab.model.Point;
import org.passerelle.lab.topology.Topology;
import org.passerelle.link.port.FrameObserver;

/** What checks need of a lab that runs. */
public interface RunningLab {
  Topology topology();

  /** Runs work on a thread in a station's network namespace, and waits for it. */
  <T> T at(String station, Callable<T> work);

  /** The same in the namespace of a wire, whose device has the wire's name. */
  <T> T onWire(String wire, Callable<T> work);

  /** Shows each frame that passes a ring to {@code observer}, until closed. */
  FrameSource observe(Point.Ring ring, FrameObserver observer);

  /** Does something to a vif, and waits until it is done. */
  void act(Check.Verb verb, Point.Ring vif) throws InterruptedException;
}
