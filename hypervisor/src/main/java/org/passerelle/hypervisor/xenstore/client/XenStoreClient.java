package org.passerelle.hypervisor.xenstore.client;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import org.passerelle.hypervisor.xenstore.StoreException;
import org.passerelle.hypervisor.xenstore.StoreOperations;
import org.passerelle.hypervisor.xenstore.XenStore;
import org.passerelle.hypervisor.xenstore.wire.XsMessage;
import org.passerelle.hypervisor.xenstore.wire.XsStrings;
import org.passerelle.hypervisor.xenstore.wire.XsType;

/**
 * A connection to a store by requests and answers. On the wire each watch has a token of its own,
 * the user's behind a number, so that two watches with one token are told apart.
 */
public final class XenStoreClient extends RequestOperations implements XenStore {
  private static final String COMMIT = "T";
  private static final String ABORT = "F";

  private final Map<String, Watching> watches = new ConcurrentHashMap<>();
  private final AtomicInteger lastWatch = new AtomicInteger();
  private boolean listening;

  public XenStoreClient(Transport transport) {
    this(new StreamExchange(transport));
  }

  /** Over another way to a store than a stream of octets: within one process, say. */
  public XenStoreClient(Exchange exchange) {
    super(exchange, 0);
  }

  @Override
  public <T> T transaction(Function<StoreOperations, T> work) {
    while (true) {
      int id = begin();
      T result = attempt(id, work);
      if (end(id)) {
        return result;
      }
    }
  }

  /** Whether the connection is lost: what was asked last may have been done all the same. */
  public boolean isBroken() {
    return exchange().isBroken();
  }

  private int begin() {
    byte[] answer = ask("start a transaction", XsType.TRANSACTION_START, XsStrings.join(""));
    String id = XsStrings.split(answer).getFirst();
    return Integer.parseUnsignedInt(id);
  }

  private <T> T attempt(int id, Function<StoreOperations, T> work) {
    try {
      return work.apply(new RequestOperations(exchange(), id));
    } catch (RuntimeException | Error e) {
      abort(id, e);
      throw e;
    }
  }

  private void abort(int id, Throwable cause) {
    try {
      new RequestOperations(exchange(), id)
          .ask("abort a transaction", XsType.TRANSACTION_END, XsStrings.join(ABORT));
    } catch (StoreException e) {
      cause.addSuppressed(e);
    }
  }

  /** Whether it was committed; not when another came between. */
  private boolean end(int id) {
    try {
      new RequestOperations(exchange(), id)
          .ask("commit a transaction", XsType.TRANSACTION_END, XsStrings.join(COMMIT));
      return true;
    } catch (StoreException e) {
      if (e.error().equals("EAGAIN")) {
        return false;
      }
      throw e;
    }
  }

  @Override
  public Watch watch(String path, String token, Consumer<WatchEvent> onEvent) {
    listenOnce();
    String ownToken = lastWatch.incrementAndGet() + ":" + Payload.octets("watch " + path, token);
    Watching watching = new Watching(path, token, ownToken, onEvent);
    watches.put(ownToken, watching);
    try {
      ask("watch " + path, XsType.WATCH, watching.payload());
    } catch (StoreException e) {
      watches.remove(ownToken);
      throw e;
    }
    return watching;
  }

  private synchronized void listenOnce() {
    if (!listening) {
      exchange().listen(this::deliver);
      listening = true;
    }
  }

  private void deliver(XsMessage event) {
    var strings = XsStrings.split(event.payload());
    Watching watching = strings.size() < 2 ? null : watches.get(strings.get(1));
    if (watching != null) {
      watching.onEvent.accept(new WatchEvent(strings.get(0), watching.token));
    }
  }

  @Override
  public void close() {
    watches.clear();
    exchange().close();
  }

  private final class Watching implements Watch {
    private final String path;
    private final String token;
    private final String ownToken;
    private final Consumer<WatchEvent> onEvent;

    Watching(String path, String token, String ownToken, Consumer<WatchEvent> onEvent) {
      this.path = path;
      this.token = token;
      this.ownToken = ownToken;
      this.onEvent = onEvent;
    }

    byte[] payload() {
      return XsStrings.join(Payload.octets("watch " + path, path), ownToken);
    }

    @Override
    public void close() {
      if (watches.remove(ownToken) != null) {
        ask("unwatch " + path, XsType.UNWATCH, payload());
      }
    }
  }
}
