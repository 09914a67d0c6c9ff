package org.passerelle.link.rtnl;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.passerelle.link.netlink.MalformedMessageException;
import org.passerelle.link.netlink.NetlinkMessage;
import org.passerelle.link.testing.Golden;

/** Spoilt answers: the decoders give records or one exception, and nothing else. */
class DecoderFuzzTest {
  private static final Map<String, byte[]> GOLDEN =
      Golden.sections(DecoderFuzzTest.class, "replies.golden", "debian-replies.golden");

  private static final LinkNames NAMES =
      new LinkNames() {
        @Override
        public Optional<String> name(int index) {
          return index == 3 ? Optional.empty() : Optional.of("link" + index);
        }

        @Override
        public int index(String name) {
          throw new AssertionError(name);
        }
      };

  @Provide
  Arbitrary<byte[]> answers() {
    return Arbitraries.of(List.copyOf(GOLDEN.values()));
  }

  @Property
  void truncated(@ForAll("answers") byte[] answer, @ForAll @IntRange(min = 0, max = 4096) int cut) {
    byte[] spoilt = Arrays.copyOf(answer, Math.min(cut, answer.length));
    decode(spoilt);
  }

  /** Most octets of an answer are lengths, types or values that lengths depend on. */
  @Property(tries = 5000)
  void mutated(
      @ForAll("answers") byte[] answer,
      @ForAll @IntRange(min = 0, max = 8192) int where,
      @ForAll byte first,
      @ForAll byte second) {
    byte[] spoilt = answer.clone();
    spoilt[where % spoilt.length] = first;
    spoilt[(where * 7 + 16) % spoilt.length] = second;
    decode(spoilt);
  }

  @Property
  void anyOctets(@ForAll byte[] octets) {
    decode(octets);
  }

  /** Each decoder reads each message, whatever its type says. */
  private static void decode(byte[] octets) {
    int read = 0;
    try {
      for (NetlinkMessage message : NetlinkMessage.parseAll(ByteBuffer.wrap(octets))) {
        read += decode(message);
      }
    } catch (MalformedMessageException e) {
      assertThat(e.getMessage()).isNotBlank();
    }
    assertThat(read).isNotNegative();
  }

  private static int decode(NetlinkMessage message) {
    List<Runnable> decoders =
        List.of(
            () -> LinkSnapshot.parse(message),
            () -> AddressMessages.parse(message, NAMES),
            () -> RouteMessages.parse(message, NAMES),
            () -> NeighbourMessages.parse(message, NAMES));
    int read = 0;
    for (Runnable decoder : decoders) {
      try {
        decoder.run();
        read++;
      } catch (MalformedMessageException e) {
        assertThat(e.getMessage()).isNotBlank();
      }
    }
    return read;
  }
}
