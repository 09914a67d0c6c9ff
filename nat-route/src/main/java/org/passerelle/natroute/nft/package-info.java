/**
 * nftables by the library that {@code nft} itself is made of, libnftables: our table in its JSON,
 * guards in nft's own language, which a dry run prints as commands. It is loaded when a plan first
 * has to do with the packet filter, which most runs of a script have not.
 *
 * <p>May import: {@code link}, and JNA.
 */
package org.passerelle.natroute.nft;
