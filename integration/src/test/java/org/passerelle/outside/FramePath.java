package org.passerelle.outside;

import static org.assertj.core.api.Assertions.assertThat;
import static org.passerelle.traffic.Talk.next;

import org.passerelle.link.os.Namespace;
import org.passerelle.link.os.PacketSocket;
import org.passerelle.link.port.Frames;

/** From one host's device to another's, frame by frame. */
final class FramePath implements AutoCloseable {
  private static final String ADDRESSES = "ffffffffffff 00163e000001 ";
  private static final String LAST = " 88b5 000000ff";

  private final PacketSocket sender;
  private final PacketSocket receiver;

  FramePath(Namespace from, String device, Namespace to, String deviceThere) {
    sender = from.call(() -> PacketSocket.open(device));
    receiver = to.call(() -> PacketSocket.open(deviceThere));
  }

  /**
   * A frame arrives as is expected, or does not where nothing is expected. A second one follows,
   * which arrives: what has not come before it does not come.
   *
   * @param tag of the second when it is sent, or empty
   * @param tagThere of the second when it arrives, or empty
   */
  void passes(String sent, String arriving, String tag, String tagThere) {
    sender.send(Frames.of(ADDRESSES + sent));
    sender.send(Frames.of(ADDRESSES + tag + LAST));
    if (!arriving.isEmpty()) {
      assertThat(next(receiver)).isEqualTo(Frames.hex(Frames.of(ADDRESSES + arriving)));
    }
    assertThat(next(receiver)).isEqualTo(Frames.hex(Frames.of(ADDRESSES + tagThere + LAST)));
  }

  @Override
  public void close() {
    sender.close();
    receiver.close();
  }
}
