package org.passerelle.lab.capture;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.passerelle.link.os.Capability;
import org.passerelle.link.os.Namespace;
import org.passerelle.link.os.NetlinkKernel;
import org.passerelle.link.os.Tap;
import org.passerelle.link.port.Frames;
import org.passerelle.link.rtnl.LinkChange;
import org.passerelle.link.testing.Needs;
import org.passerelle.link.testing.TestNamespaces;
import org.passerelle.link.wire.CapturedFrames;

@Needs({Capability.NET_ADMIN, Capability.TAP, Capability.LIBPCAP})
class DeviceTapTest {
  private static final int FRAMES = 50;

  @RegisterExtension final TestNamespaces namespaces = new TestNamespaces();

  /** Whoever holds the log keeps the reader from going on. */
  @Test
  void takesAllThatCameBeforeItsEndHoweverSlowItReads() throws InterruptedException {
    Namespace dom0 = namespaces.create();
    FrameLog log = new FrameLog();
    try (Tap tap = dom0.call(() -> Tap.open("tap0"));
        NetlinkKernel kernel = dom0.kernel()) {
      kernel.change("tap0", LinkChange.builder().up(true).build());
      DeviceTap capture = dom0.call(() -> DeviceTap.open("tap0", log));
      Thread end;
      synchronized (log) {
        for (int i = 0; i < FRAMES; i++) {
          assertThat(tap.send(Frames.of(CapturedFrames.ARP_REQUEST))).isTrue();
        }
        end = Thread.ofPlatform().start(capture::close);
        end.join(200);
      }
      end.join();
    }
    byte[] sent = CapturedFrames.octets(CapturedFrames.ARP_REQUEST);
    assertThat(log.frames())
        .filteredOn(frame -> Arrays.equals(frame.octets(), sent))
        .hasSize(FRAMES);
  }
}
