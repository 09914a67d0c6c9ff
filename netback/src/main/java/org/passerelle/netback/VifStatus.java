package org.passerelle.netback;

import java.util.Map;
import java.util.Optional;
import org.passerelle.hypervisor.device.XenbusState;

/**
 * How a half of a vif is.
 *
 * @param state of this end
 * @param death why it serves no more: the peer broke the protocol, or the device could not be had
 */
public record VifStatus(
    VifKey vif, XenbusState state, Optional<String> death, Map<Counter, Long> counters) {}
