package org.passerelle.doctor.facts;

/** All that the checks know of the host. */
public record Facts(
    KernelFacts kernel,
    XenFacts xen,
    Settings settings,
    FilterFacts filter,
    NetFacts net,
    OwnFacts own) {}
