package org.passerelle.lab.run;

import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.passerelle.link.os.Namespace;
import org.passerelle.toolstack.VifDevice;

/**
 * A host with one domain, {@code guest}, in a process that is made to be killed. It says how far it
 * is on standard output; a line on standard input makes it detach the vif.
 */
final class HostVictim {
  private HostVictim() {}

  public static void main(String[] arguments) throws Exception {
    GuestHost host = new GuestHost(Path.of(arguments[0]), Namespace.create());
    VifDevice vif = host.create("guest", new CompletableFuture<>());
    say("open");
    host.toolstack.attach(vif);
    say("connected");
    while (System.in.read() != '\n') {
      // wait for the word
    }
    say("closing");
    host.toolstack.detach(vif);
    say("detached");
    Thread.currentThread().join();
  }

  private static void say(String what) {
    System.out.println(what);
    System.out.flush();
  }
}
