/**
 * The resident agent: the vif scripts in a virtual machine that is there already.
 *
 * <p>Two ways lead to it. The launchers of {@code scripts/bin} hand their calls over, and start a
 * virtual machine of their own only where no agent answers. And where the toolstack runs no scripts
 * ({@code run_hotplug_scripts=0} in xl.conf), the agent sees vifs come and go in XenStore, as udev
 * would, and runs their scripts unasked.
 *
 * <pre>
 *   launcher, one at a time a lane   agent
 *     token    &lt;------------------   "\n": whoever reads it is next
 *     request  ------------------&gt;   what to do
 *     reply    &lt;------------------   exit code, and what was said
 *                                      |
 *                                  one thread runs all scripts  &lt;----  XenStore's watch of backend/vif
 * </pre>
 *
 * <p>There are two lanes, and a launcher's process number says which one is its: while the script
 * of one runs, the other's next launcher says what it wants, or fetches its reply.
 *
 * <p>The pipes are named pipes in {@code <run directory>/calls/<lane>}, which is root's alone: a
 * shell opens, reads and writes those without starting a program. Whatever goes wrong here (a
 * launcher that was killed while it had the token, a reply that nobody fetches), all three pipes of
 * its lane are made anew, and the old ones closed. A launcher that waited for its turn tries the
 * new ones; one that had its turn, or finds none, does the work itself: scripts may be run again
 * after a half or a whole run. An agent that hangs in a call ends itself.
 *
 * <p>Before it serves it rehearses: a virtual machine that has run nothing yet is slow.
 *
 * <p>May import: {@code link}, {@code bridge}, {@code hypervisor}'s XenStore, and the scripts.
 */
package org.passerelle.scripts.agent;
