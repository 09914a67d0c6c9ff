/**
 * The hotplug scripts' entry points: arguments and environment as the originals read them, the
 * result protocol in XenStore, logging. Each script reads the host, asks its module for a plan and
 * carries it out.
 *
 * <p>May import: {@code link}, {@code bridge}, {@code vlan}, {@code nat-route}, {@code
 * hypervisor}'s XenStore client. Its class path holds no Netty, pcap4j or Picocli: a script starts
 * in a few dozen milliseconds.
 */
package org.passerelle.scripts;
