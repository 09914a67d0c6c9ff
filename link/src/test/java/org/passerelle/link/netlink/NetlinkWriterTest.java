package org.passerelle.link.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class NetlinkWriterTest {

  @Property
  void attributesComeBackInOrder(@ForAll @Size(max = 40) List<@Size(max = 600) byte[]> values) {
    NetlinkWriter writer = NetlinkWriter.message(16, 1).u32(0);
    for (int i = 0; i < values.size(); i++) {
      writer.attribute(i + 1, values.get(i));
    }
    NetlinkMessage message = NetlinkMessage.parseAll(ByteBuffer.wrap(writer.finish(9))).get(0);
    List<byte[]> read = new ArrayList<>();
    message.attributes(4).forEach(attribute -> read.add(attribute.octets()));
    assertThat(read).usingRecursiveComparison().isEqualTo(values);
    assertThat(message.sequence()).isEqualTo(9);
  }

  @Property
  void nestedAttributesComeBack(@ForAll @IntRange(min = 1, max = 100) int depth) {
    NetlinkWriter writer = new NetlinkWriter();
    int[] starts = new int[depth];
    for (int i = 0; i < depth; i++) {
      starts[i] = writer.begin(i | Attribute.NESTED);
    }
    writer.attribute8(7, 42);
    for (int i = depth - 1; i >= 0; i--) {
      writer.end(starts[i]);
    }
    Attributes attributes = Attributes.parse(ByteBuffer.wrap(writer.toBytes()));
    for (int i = 0; i < depth; i++) {
      attributes = attributes.nested(i);
    }
    assertThat(attributes.find(7)).hasValueSatisfying(a -> assertThat(a.u8()).isEqualTo(42));
  }

  @Test
  void numberOfAShortAttributeIsRefused() {
    NetlinkWriter writer = new NetlinkWriter().attribute16(5, 1);
    Attributes attributes = Attributes.parse(ByteBuffer.wrap(writer.toBytes()));
    assertThatThrownBy(() -> attributes.u32(5, 0))
        .isInstanceOf(MalformedMessageException.class)
        .hasMessage("attribute 5 has 2 octets, not the 4 it needs");
  }

  @Test
  void lastOfSeveralCounts() {
    NetlinkWriter writer = new NetlinkWriter().attribute32(5, 1).attribute32(5, 2);
    assertThat(Attributes.parse(ByteBuffer.wrap(writer.toBytes())).u32(5, 0)).isEqualTo(2);
  }
}
