/**
 * What is done with lists in a vif's one-shot script, by loops. The JDK's streams read better where
 * nobody waits, but they are 80 classes and twice as many methods, each of which is met for the
 * first time in a script that lasts 60 ms: 2 ms of these. So what a vif's script runs through uses
 * {@link Lists} instead, and {@link Words} instead of regular expressions, for the same reason.
 *
 * <p>May import: the JDK only.
 */
package org.passerelle.link.list;
