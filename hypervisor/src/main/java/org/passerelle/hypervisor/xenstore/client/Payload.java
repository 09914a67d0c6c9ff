package org.passerelle.hypervisor.xenstore.client;

import java.nio.charset.StandardCharsets;
import org.passerelle.hypervisor.xenstore.StoreException;

/** Java's text as the protocol's octets, one a character. */
final class Payload {
  private Payload() {}

  /** UTF-8 octets of a text that is to end in NUL and so may hold none. */
  static String octets(String operation, String text) {
    if (text.indexOf('\0') >= 0) {
      throw new StoreException(operation + ": NUL in a path or token", "EINVAL");
    }
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }
}
