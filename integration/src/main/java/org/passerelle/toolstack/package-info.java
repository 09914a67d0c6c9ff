/**
 * The toolstack of the embedded hypervisor: writes a vif's nodes to XenStore and calls its hotplug
 * script, as xend and libxl do. May import: every module below, not {@code lab}.
 */
package org.passerelle.toolstack;
