import java.nio.file.Files;
import java.nio.file.Path;
import org.passerelle.bridge.BridgeKind;
import org.passerelle.link.os.NetlinkKernel;
import org.passerelle.link.plan.CreateLink;
import org.passerelle.link.plan.Journal;
import org.passerelle.link.plan.Plan;
import org.passerelle.link.plan.SetLink;
import org.passerelle.link.plan.Transaction;
import org.passerelle.link.rtnl.LinkSpec;
import org.passerelle.link.rtnl.VethKind;

/**
 * Makes as many bridges as it is told, each with a veth pair's end as a port, by one plan as the
 * scripts carry theirs out, and prints the milliseconds. Run by scripts.py, in a namespace of its
 * own; the journal is below /run, as theirs.
 */
final class ManyLinks {

  public static void main(String[] words) throws Exception {
    int count = Integer.parseInt(words[0]);
    Path directory = Files.createTempDirectory(Path.of("/run"), "many-links");
    try (NetlinkKernel kernel = NetlinkKernel.open();
        Journal journal = new Journal(directory, new Journal.Key("none", 0), "bench")) {
      long begin = System.nanoTime();
      new Transaction(kernel, journal, () -> false).run(plan(count));
      System.out.println((System.nanoTime() - begin) / 1e6);
    } finally {
      Files.delete(directory);
    }
  }

  private static Plan plan(int count) {
    Plan.Builder plan = new Plan.Builder();
    for (int n = 0; n < count; n++) {
      plan.add(CreateLink.ours(LinkSpec.of("br" + n, BridgeKind.XEN)), "a bridge");
      plan.add(CreateLink.ours(LinkSpec.of("va" + n, new VethKind("vb" + n))), "a pair");
      plan.add(SetLink.master("va" + n, "br" + n), "a port");
    }
    return plan.build();
  }
}
