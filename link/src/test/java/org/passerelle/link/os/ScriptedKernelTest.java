package org.passerelle.link.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.passerelle.link.netlink.NetlinkFlags;
import org.passerelle.link.netlink.NetlinkMessage;
import org.passerelle.link.netlink.NetlinkTransport;
import org.passerelle.link.netlink.NetlinkWriter;
import org.passerelle.link.rtnl.LinkChange;
import org.passerelle.link.rtnl.LinkMessages;
import org.passerelle.link.testing.Golden;

/** A kernel that behaves as others than the one at hand do. */
class ScriptedKernelTest {
  private static final int NEWLINK = 16;
  private static final int GETLINK = 18;
  private static final byte[] VETH0 =
      Golden.sections(LinkMessages.class, "replies.golden").get("ip -d link show dev veth0");

  private final Refusing transport = new Refusing();

  /** Linux before 6.2 (dev_change_name in net/core/dev.c). */
  @Test
  void kernelThatRenamesOnlyLinksThatAreDownIsExplained() {
    try (NetlinkKernel kernel = new NetlinkKernel(transport)) {
      transport.errno = Errno.EBUSY;
      assertThatThrownBy(() -> kernel.change("veth0", LinkChange.builder().name("eth0").build()))
          .hasMessage(
              "set veth0 name eth0: EBUSY (16, Device or resource busy): this kernel renames a link"
                  + " only while it is down: set it down first");
      assertThat(transport.requests).containsExactly(GETLINK, NEWLINK, GETLINK);
    }
  }

  @Test
  void downGoesBeforeTheNameInAMessageOfItsOwn() {
    try (NetlinkKernel kernel = new NetlinkKernel(transport)) {
      kernel.change("veth0", LinkChange.builder().name("eth0").up(false).build());
      assertThat(transport.requests).containsExactly(GETLINK, NEWLINK, NEWLINK);
    }
  }

  @Test
  void oneMessageWhereOneIsEnough() {
    try (NetlinkKernel kernel = new NetlinkKernel(transport)) {
      kernel.change("veth0", LinkChange.builder().up(false).build());
      kernel.change("veth0", LinkChange.builder().name("eth0").mtu(1400).up(true).build());
      assertThat(transport.requests).containsExactly(GETLINK, NEWLINK, GETLINK, NEWLINK);
    }
  }

  @Test
  void missingPrivilegeHasARemedy() {
    try (NetlinkKernel kernel = new NetlinkKernel(transport)) {
      transport.errno = Errno.EPERM;
      assertThatThrownBy(() -> kernel.delete("veth0"))
          .hasMessageStartingWith(
              "delete veth0: EPERM (1, Operation not permitted): needs root, or unshare -Urn");
    }
  }

  /** Shows veth0 to whoever asks, and ends every change with one errno. */
  private static final class Refusing implements NetlinkTransport {
    private final List<Integer> requests = new ArrayList<>();
    private int errno;
    private byte[] answer;

    @Override
    public void send(byte[] datagram) {
      ByteBuffer request = ByteBuffer.wrap(datagram).order(ByteOrder.nativeOrder());
      int type = request.getShort(4);
      requests.add(type);
      answer = type == GETLINK ? VETH0.clone() : acknowledgement();
      ByteBuffer.wrap(answer).order(ByteOrder.nativeOrder()).putInt(8, request.getInt(8));
    }

    private byte[] acknowledgement() {
      return NetlinkWriter.message(NetlinkMessage.ERROR, NetlinkFlags.CAPPED)
          .u32(-errno)
          .octets(new byte[16])
          .finish(0);
    }

    @Override
    public ByteBuffer receive() {
      return ByteBuffer.wrap(answer);
    }

    @Override
    public void close() {
      answer = null;
    }
  }
}
