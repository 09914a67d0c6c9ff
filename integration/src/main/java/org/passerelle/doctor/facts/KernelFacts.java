package org.passerelle.doctor.facts;

import java.util.List;
import java.util.Optional;
import org.passerelle.link.os.HostCapability;

/**
 * What the kernel can.
 *
 * @param tried empty where nothing can be tried, for want of the right to make a namespace
 * @param untried why not
 * @param settingsReadOnly nobody can change settings: /proc/sys is mounted so
 */
public record KernelFacts(
    Optional<List<HostCapability>> tried, String untried, boolean ipv6, boolean settingsReadOnly) {}
