import org.passerelle.bridge.learning.BridgePort;
import org.passerelle.bridge.learning.LearningBridge;
import org.passerelle.bridge.learning.PortVlans;
import org.passerelle.link.os.PacketSocket;
import org.passerelle.link.os.Poller;
import org.passerelle.link.wire.VlanId;

/**
 * A switch in user space between links of this namespace, as labs have it: each is an access port
 * of a VLAN, {@code p1=10 p2=10}. Says when it switches, and does so until it is killed. Run by
 * vlan.py.
 */
final class VlanSwitch {

  public static void main(String[] words) throws Exception {
    LearningBridge bridge = new LearningBridge("switch", System::nanoTime, VlanSwitch::failed);
    Poller poller = new Poller();
    for (String word : words) {
      String[] port = word.split("=");
      BridgePort added = bridge.add(PacketSocket.open(port[0]));
      bridge.vlans(added, PortVlans.access(VlanId.parse(port[1])));
      poller.add(
          added.port().descriptor(),
          Poller.READABLE | Poller.EDGE,
          events -> bridge.ready(added));
    }
    System.out.println("switching");
    int moved = 1;
    while (true) {
      poller.poll(moved > 0 ? 0 : -1);
      moved = bridge.doWork();
    }
  }

  private static void failed(BridgePort port, RuntimeException cause) {
    throw new IllegalStateException(port + " is gone", cause);
  }
}
