package org.passerelle.netback;

import org.passerelle.hypervisor.event.EventChannels;

/** One half of a vif, as the data plane drives it. All of it runs on the data plane's thread. */
interface Half {

  /** No wish to be called at any particular time. */
  long NEVER = Long.MAX_VALUE;

  /** Moves what can be moved, up to a budget; never blocks. 0: there was nothing to do. */
  int doWork();

  /** Asks the peer for events and looks once more. True: there is work after all. */
  boolean prepareSleep();

  /** When {@link #doWork} is to be called though nothing happened: nanoseconds of the clock. */
  long deadline();

  /** The domain's event channels, and those of them that this half listens to. */
  EventChannels events();

  int[] eventPorts();

  /** The port's descriptor, -1 when it has none. */
  int portDescriptor();

  /** An event came in on one of the channels. */
  void eventArrived(int port);

  /** The port's descriptor became ready. */
  void portReady();
}
