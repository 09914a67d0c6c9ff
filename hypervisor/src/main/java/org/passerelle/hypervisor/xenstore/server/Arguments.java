package org.passerelle.hypervisor.xenstore.server;

import java.util.Arrays;
import java.util.List;
import org.passerelle.hypervisor.xenstore.StoreException;
import org.passerelle.hypervisor.xenstore.wire.XsMessage;
import org.passerelle.hypervisor.xenstore.wire.XsStrings;
import org.passerelle.hypervisor.xenstore.wire.XsType;

/** A request's payload taken apart; EINVAL where it has not the form that its type asks for. */
final class Arguments {
  private final XsMessage request;

  Arguments(XsMessage request) {
    this.request = request;
  }

  /** The one string that the payload is, with its NUL at the very end. */
  String only() {
    byte[] payload = request.payload();
    int end = XsStrings.indexOfNul(payload, 0);
    check(end >= 0 && end == payload.length - 1);
    return XsStrings.text(payload, 0, end);
  }

  /** At least {@code least} strings; what follows the last NUL is left out, as C xenstored does. */
  List<String> strings(int least, int most) {
    List<String> strings = XsStrings.split(request.payload());
    check(strings.size() >= least && strings.size() <= most);
    return strings;
  }

  /** The string before the first NUL. */
  String first() {
    byte[] payload = request.payload();
    int end = XsStrings.indexOfNul(payload, 0);
    check(end >= 0);
    return XsStrings.text(payload, 0, end);
  }

  /** All octets behind the first NUL. */
  byte[] rest() {
    byte[] payload = request.payload();
    int end = XsStrings.indexOfNul(payload, 0);
    check(end >= 0);
    return Arrays.copyOfRange(payload, end + 1, payload.length);
  }

  /** A decimal number of at most nine digits. */
  int number(String text) {
    check(
        !text.isEmpty() && text.length() <= 9 && text.chars().allMatch(c -> c >= '0' && c <= '9'));
    return Integer.parseInt(text);
  }

  private void check(boolean legal) {
    if (!legal) {
      throw new StoreException(XsType.nameOf(request.type()) + ": payload", "EINVAL");
    }
  }
}
