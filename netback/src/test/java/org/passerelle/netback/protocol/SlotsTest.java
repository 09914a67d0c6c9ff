package org.passerelle.netback.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** The slots' bytes on a little-endian machine, as a C compiler lays out io/netif.h's structs. */
class SlotsTest {
  private final MemorySegment slot = Arena.ofAuto().allocate(16, 8);

  private MemorySegment dirty() {
    slot.fill((byte) 0xa5);
    return slot;
  }

  private String bytes() {
    return HexFormat.ofDelimiter(" ").formatHex(slot.toArray(ValueLayout.JAVA_BYTE));
  }

  private void fill(String hex) {
    MemorySegment.copy(
        MemorySegment.ofArray(HexFormat.ofDelimiter(" ").parseHex(hex)), 0, slot, 0, 16);
  }

  @Test
  void txRequest() {
    String golden =
        "78 56 34 12" // gref 0x12345678
            + " 64 00" // offset 100
            + " 05 00" // csum_blank | more_data
            + " ff 00" // id 255
            + " ea 05" // size 1514
            + " a5 a5 a5 a5"; // beyond the slot
    TxRequest.write(
        dirty(), 0, 0x12345678, 100, TxFlags.CHECKSUM_BLANK | TxFlags.MORE_DATA, 255, 1514);
    assertThat(bytes()).isEqualTo(golden);
    assertThat(TxRequest.SIZE).isEqualTo(12);

    fill(golden);
    assertThat(TxRequest.reference(slot, 0)).isEqualTo(0x12345678);
    assertThat(TxRequest.offset(slot, 0)).isEqualTo(100);
    assertThat(TxRequest.flags(slot, 0)).isEqualTo(5);
    assertThat(TxRequest.id(slot, 0)).isEqualTo(255);
    assertThat(TxRequest.length(slot, 0)).isEqualTo(1514);
  }

  @Test
  void txRequestFieldsAreUnsigned() {
    TxRequest.write(dirty(), 0, -1, 0xfffe, 0xfffd, 0xfffc, 0xffff);
    assertThat(TxRequest.reference(slot, 0)).isEqualTo(0xffffffff);
    assertThat(TxRequest.offset(slot, 0)).isEqualTo(65534);
    assertThat(TxRequest.flags(slot, 0)).isEqualTo(65533);
    assertThat(TxRequest.id(slot, 0)).isEqualTo(65532);
    assertThat(TxRequest.length(slot, 0)).isEqualTo(65535);
  }

  @Test
  void txResponseCoversTheWholeSlot() {
    String golden =
        "34 12" // id 0x1234
            + " ff ff" // status ERROR, -1
            + " 00 00 00 00 00 00 00 00" // the rest of the slot: nothing leaks
            + " a5 a5 a5 a5"; // beyond the slot
    TxResponse.write(dirty(), 0, 0x1234, NetifStatus.ERROR);
    assertThat(bytes()).isEqualTo(golden);

    fill(golden);
    assertThat(TxResponse.id(slot, 0)).isEqualTo(0x1234);
    assertThat(TxResponse.status(slot, 0)).isEqualTo(-1);
  }

  @Test
  void rxRequest() {
    String golden =
        "07 00" // id 7
            + " 00 00" // padding
            + " 08 00 00 80" // gref 0x80000008
            + " a5 a5 a5 a5 a5 a5 a5 a5"; // beyond the slot
    RxRequest.write(dirty(), 0, 7, 0x80000008);
    assertThat(bytes()).isEqualTo(golden);
    assertThat(RxRequest.SIZE).isEqualTo(8);

    fill(golden);
    assertThat(RxRequest.id(slot, 0)).isEqualTo(7);
    assertThat(RxRequest.reference(slot, 0)).isEqualTo(0x80000008);
  }

  @Test
  void rxResponse() {
    String golden =
        "07 00" // id 7
            + " 02 00" // offset 2
            + " 0f 00" // data_validated | csum_blank | more_data | extra_info
            + " 00 10" // status: 4096 bytes
            + " a5 a5 a5 a5 a5 a5 a5 a5"; // beyond the slot
    int flags =
        RxFlags.DATA_VALIDATED | RxFlags.CHECKSUM_BLANK | RxFlags.MORE_DATA | RxFlags.EXTRA_INFO;
    RxResponse.write(dirty(), 0, 7, 2, flags, 4096);
    assertThat(bytes()).isEqualTo(golden);

    fill(golden);
    assertThat(RxResponse.id(slot, 0)).isEqualTo(7);
    assertThat(RxResponse.offset(slot, 0)).isEqualTo(2);
    assertThat(RxResponse.flags(slot, 0)).isEqualTo(15);
    assertThat(RxResponse.status(slot, 0)).isEqualTo(4096);
  }

  @Test
  void rxResponseStatusIsSigned() {
    RxResponse.write(dirty(), 0, 7, 0, 0, -3);
    assertThat(RxResponse.status(slot, 0)).isEqualTo(-3);
  }

  @Test
  void gsoExtraInATxSlot() {
    String golden =
        "01" // type GSO
            + " 00" // flags: the last extra
            + " a8 05" // segment size 1448
            + " 02" // TCPv6
            + " 00" // padding
            + " 00 00" // features
            + " 00 00 00 00" // the rest of a 12-byte slot
            + " a5 a5 a5 a5"; // beyond the slot
    ExtraInfo.writeGso(dirty(), 0, TxRequest.SIZE, ExtraInfo.GSO_TCP_V6, 1448);
    assertThat(bytes()).isEqualTo(golden);

    fill(golden);
    assertThat(ExtraInfo.type(slot, 0)).isEqualTo(ExtraInfo.TYPE_GSO);
    assertThat(ExtraInfo.more(slot, 0)).isFalse();
    assertThat(ExtraInfo.gsoSize(slot, 0)).isEqualTo(1448);
    assertThat(ExtraInfo.gsoType(slot, 0)).isEqualTo(ExtraInfo.GSO_TCP_V6);
  }

  @Test
  void gsoExtraInAnRxSlotEndsWithTheSlot() {
    ExtraInfo.writeGso(dirty(), 0, RxRequest.SIZE, ExtraInfo.GSO_TCP_V4, 1460);
    assertThat(bytes()).isEqualTo("01 00 b4 05 01 00 00 00 a5 a5 a5 a5 a5 a5 a5 a5");
  }

  @Test
  void theFirstTwoFlagsAreSwappedBetweenTheRings() {
    assertThat(TxFlags.CHECKSUM_BLANK).isEqualTo(RxFlags.DATA_VALIDATED).isEqualTo(1);
    assertThat(TxFlags.DATA_VALIDATED).isEqualTo(RxFlags.CHECKSUM_BLANK).isEqualTo(2);
  }

  @Test
  void onlyFiveExtraTypesAreKnown() {
    assertThat(ExtraInfo.isKnown(0)).isFalse();
    for (int type = 1; type <= 5; type++) {
      assertThat(ExtraInfo.isKnown(type)).as("type " + type).isTrue();
    }
    assertThat(ExtraInfo.isKnown(6)).isFalse();
    assertThat(ExtraInfo.isKnown(255)).isFalse();
  }
}
