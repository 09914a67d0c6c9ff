package org.passerelle.bridge.learning;

/** Hears of ports that are gone. */
@FunctionalInterface
public interface FailureListener {

  /**
   * The port threw and has been taken out of its bridge. It is neither closed nor taken from a
   * poller: that is for whoever put it there. Called by the bridge's thread at the end of {@link
   * LearningBridge#doWork}; ports may be added and removed here.
   */
  void failed(BridgePort port, RuntimeException cause);
}
