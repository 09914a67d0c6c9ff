package org.passerelle.hypervisor.xenstore.client;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.passerelle.hypervisor.xenstore.StoreException;
import org.passerelle.hypervisor.xenstore.StoreOperations;
import org.passerelle.hypervisor.xenstore.XenStore.Permissions;
import org.passerelle.hypervisor.xenstore.wire.XsLimits;
import org.passerelle.hypervisor.xenstore.wire.XsMessage;
import org.passerelle.hypervisor.xenstore.wire.XsStrings;
import org.passerelle.hypervisor.xenstore.wire.XsType;

/** The operations on nodes as requests, in one transaction or in none. */
class RequestOperations implements StoreOperations {
  private final Exchange exchange;
  private final int transactionId;

  RequestOperations(Exchange exchange, int transactionId) {
    this.exchange = exchange;
    this.transactionId = transactionId;
  }

  @Override
  public final String read(String path) {
    return new String(askOf("read ", XsType.READ, path), StandardCharsets.UTF_8);
  }

  @Override
  public final Optional<String> readIfPresent(String path) {
    try {
      return Optional.of(read(path));
    } catch (StoreException e) {
      if (e.error().equals("ENOENT")) {
        return Optional.empty();
      }
      throw e;
    }
  }

  @Override
  public final void write(String path, String value) {
    String what = "write " + path;
    byte[] name = XsStrings.join(Payload.octets(what, path));
    byte[] octets = value.getBytes(StandardCharsets.UTF_8);
    byte[] payload = Arrays.copyOf(name, name.length + octets.length);
    System.arraycopy(octets, 0, payload, name.length, octets.length);
    ask(what, XsType.WRITE, payload);
  }

  @Override
  public final void mkdir(String path) {
    askOf("mkdir ", XsType.MKDIR, path);
  }

  @Override
  public final void remove(String path) {
    askOf("rm ", XsType.RM, path);
  }

  @Override
  public final List<String> list(String path) {
    try {
      return XsStrings.split(askOf("list ", XsType.DIRECTORY, path));
    } catch (StoreException e) {
      if (e.error().equals("E2BIG")) {
        return listInParts(path);
      }
      throw e;
    }
  }

  /** A list longer than one answer; begun again when it changes meanwhile. */
  private List<String> listInParts(String path) {
    List<String> names = new ArrayList<>();
    String generation = null;
    int offset = 0;
    while (true) {
      List<String> part = part(path, offset);
      String seen = part.removeFirst();
      if (generation != null && !generation.equals(seen)) {
        names.clear();
        generation = null;
        offset = 0;
        continue;
      }
      generation = seen;
      boolean last = !part.isEmpty() && part.getLast().isEmpty();
      names.addAll(last ? part.subList(0, part.size() - 1) : part);
      if (last) {
        return names;
      }
      offset += part.stream().mapToInt(name -> name.length() + 1).sum();
    }
  }

  /** The generation, the names from an offset on, and an empty name where these are the last. */
  private List<String> part(String path, int offset) {
    String what = "list " + path;
    byte[] payload = XsStrings.join(Payload.octets(what, path), Integer.toString(offset));
    List<String> part = XsStrings.split(ask(what, XsType.DIRECTORY_PART, payload));
    if (part.size() < 2) {
      throw new StoreException(what + ": a part without names", "EIO");
    }
    return part;
  }

  @Override
  public final Permissions permissions(String path) {
    return new Permissions(XsStrings.split(askOf("get permissions ", XsType.GET_PERMS, path)));
  }

  @Override
  public final void setPermissions(String path, Permissions permissions) {
    String what = "set permissions " + path;
    List<String> strings = new ArrayList<>();
    strings.add(Payload.octets(what, path));
    permissions.entries().forEach(entry -> strings.add(Payload.octets(what, entry)));
    ask(what, XsType.SET_PERMS, XsStrings.join(strings));
  }

  final Exchange exchange() {
    return exchange;
  }

  /** The answer's payload, or the store's refusal as an exception that names the operation. */
  final byte[] ask(String what, XsType type, byte[] payload) {
    if (payload.length > XsLimits.PAYLOAD_MAX) {
      throw new StoreException(what + ": " + payload.length + " octets", "E2BIG");
    }
    XsMessage answer = exchange(what, type, payload);
    if (answer.is(XsType.ERROR)) {
      List<String> error = XsStrings.split(answer.payload());
      throw new StoreException(what, error.isEmpty() ? "EIO" : error.getFirst());
    }
    if (!answer.is(type)) {
      throw new StoreException(what + ": answered by " + answer, "EIO");
    }
    return answer.payload();
  }

  private XsMessage exchange(String what, XsType type, byte[] payload) {
    try {
      return exchange.call(type, transactionId, payload);
    } catch (IOException e) {
      throw new StoreException(what + ": no connection to XenStore: " + e.getMessage(), "EIO", e);
    }
  }

  private byte[] askOf(String verb, XsType type, String path) {
    String what = verb + path;
    return ask(what, type, XsStrings.join(Payload.octets(what, path)));
  }
}
