package org.passerelle.hypervisor.xenstore.server;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.passerelle.hypervisor.xenstore.StoreException;
import org.passerelle.hypervisor.xenstore.tree.Node;
import org.passerelle.hypervisor.xenstore.tree.NodePermissions;
import org.passerelle.hypervisor.xenstore.tree.StorePath;
import org.passerelle.hypervisor.xenstore.wire.XsMessage;
import org.passerelle.hypervisor.xenstore.wire.XsStrings;
import org.passerelle.hypervisor.xenstore.wire.XsType;

/**
 * Answers a session's requests. The order of the checks is C xenstored's: is there such a request,
 * may the domain make it, is there such a transaction, and then the request itself.
 */
final class RequestHandler {
  private static final Set<XsType> ONLY_FOR_DOM0 =
      EnumSet.of(
          XsType.CONTROL,
          XsType.INTRODUCE,
          XsType.RELEASE,
          XsType.IS_DOMAIN_INTRODUCED,
          XsType.RESUME,
          XsType.SET_TARGET);

  /** Requests whose transaction id means nothing. */
  private static final Set<XsType> OUTSIDE_TRANSACTIONS = EnumSet.of(XsType.WATCH, XsType.UNWATCH);

  /** {@code DOMID_SELF} of Xen's {@code xen.h}. */
  private static final int DOMID_SELF = 0x7FF0;

  /** {@code XENSTORE_SERVER_FEATURE_WATCHDEPTH}: a watch may say how deep it looks. */
  private static final String FEATURES = "4";

  private static final byte[] OK = XsStrings.join("OK");

  private final DomainTable domains;

  RequestHandler(DomainTable domains) {
    this.domains = domains;
  }

  /** Does what is asked and gives the answer to {@code out}, always exactly one. */
  void handle(Session session, XsMessage request, Consumer<XsMessage> out) {
    try {
      XsType type = admitted(session, request);
      Arguments arguments = new Arguments(request);
      if (type == XsType.WATCH) {
        watch(session, request, arguments, out);
      } else {
        out.accept(request.reply(answer(session, type, request.transactionId(), arguments)));
      }
    } catch (StoreException e) {
      out.accept(request.refuse(e.error()));
    }
  }

  private static XsType admitted(Session session, XsMessage request) {
    String what = XsType.nameOf(request.type());
    XsType type = XsType.of(request.type()).orElseThrow(() -> new StoreException(what, "ENOSYS"));
    if (ONLY_FOR_DOM0.contains(type) && !session.principal().isPrivileged()) {
      throw new StoreException(what, "EACCES");
    }
    if (request.transactionId() != 0 && !OUTSIDE_TRANSACTIONS.contains(type)) {
      session.transaction(request.transactionId());
    }
    return type;
  }

  private byte[] answer(Session session, XsType type, int transaction, Arguments arguments) {
    return switch (type) {
      case READ -> read(session, transaction, arguments.only()).value();
      case DIRECTORY -> DirectoryList.whole(read(session, transaction, arguments.only()));
      case DIRECTORY_PART -> directoryPart(session, transaction, arguments);
      case GET_PERMS -> permissions(session, transaction, arguments.only());
      case WRITE -> write(session, transaction, arguments);
      case MKDIR -> mkdir(session, transaction, arguments.only());
      case RM -> remove(session, transaction, arguments.only());
      case SET_PERMS -> setPermissions(session, transaction, arguments);
      case UNWATCH -> unwatch(session, arguments.strings(2, 2));
      case RESET_WATCHES -> reset(session);
      case TRANSACTION_START -> begin(session, transaction);
      case TRANSACTION_END -> end(session, transaction, arguments.only());
      case GET_DOMAIN_PATH -> domainPath(arguments.number(arguments.only()));
      case IS_DOMAIN_INTRODUCED -> isIntroduced(arguments.number(arguments.only()));
      case INTRODUCE -> introduce(arguments);
      case RELEASE -> release(arguments.number(arguments.only()));
      case RESUME -> resume(arguments.number(arguments.only()));
      case SET_TARGET -> setTarget(arguments);
      case GET_FEATURE -> XsStrings.join(FEATURES);
      // No command of xenstore-control is known here; C xenstored answers an unknown one so.
      case CONTROL -> throw new StoreException("control", "EINVAL");
      case WATCH, WATCH_EVENT, ERROR, SET_FEATURE, GET_QUOTA, SET_QUOTA ->
          throw new StoreException(type.name(), "ENOSYS");
    };
  }

  private static Node read(Session session, int transaction, String path) {
    StorePath resolved = session.resolve(path);
    return session.on(transaction, operations -> operations.read(resolved));
  }

  private static byte[] directoryPart(Session session, int transaction, Arguments arguments) {
    List<String> strings = arguments.strings(2, 2);
    int offset = arguments.number(strings.get(1));
    return DirectoryList.part(read(session, transaction, strings.get(0)), offset);
  }

  private static byte[] permissions(Session session, int transaction, String path) {
    StorePath resolved = session.resolve(path);
    return XsStrings.join(
        session.on(transaction, operations -> operations.permissions(resolved)).strings());
  }

  private static byte[] write(Session session, int transaction, Arguments arguments) {
    StorePath path = session.resolve(arguments.first());
    byte[] value = arguments.rest();
    session.change(transaction, operations -> operations.write(path, value));
    return OK;
  }

  private static byte[] mkdir(Session session, int transaction, String path) {
    StorePath resolved = session.resolve(path);
    session.change(transaction, operations -> operations.mkdir(resolved));
    return OK;
  }

  private static byte[] remove(Session session, int transaction, String path) {
    StorePath resolved = session.resolve(path);
    session.change(transaction, operations -> operations.remove(resolved));
    return OK;
  }

  private static byte[] setPermissions(Session session, int transaction, Arguments arguments) {
    List<String> strings = arguments.strings(2, Integer.MAX_VALUE);
    StorePath path = session.resolve(strings.getFirst());
    NodePermissions permissions = NodePermissions.parse(strings.subList(1, strings.size()));
    session.change(transaction, operations -> operations.setPermissions(path, permissions));
    return OK;
  }

  /** The answer comes first, then the event with which each watch begins. */
  private static void watch(
      Session session, XsMessage request, Arguments arguments, Consumer<XsMessage> out) {
    List<String> strings = arguments.strings(2, 3);
    int depth = strings.size() == 3 ? arguments.number(strings.get(2)) : StoreWatch.ANY_DEPTH;
    StoreWatch watch = session.watch(strings.get(0), strings.get(1), depth);
    out.accept(request.reply(OK));
    watch.fire(watch.path().text());
  }

  private static byte[] unwatch(Session session, List<String> strings) {
    session.unwatch(strings.get(0), strings.get(1));
    return OK;
  }

  private static byte[] reset(Session session) {
    session.reset();
    return OK;
  }

  private static byte[] begin(Session session, int transaction) {
    if (transaction != 0) {
      throw new StoreException("a transaction within another", "EBUSY");
    }
    return XsStrings.join(Integer.toUnsignedString(session.begin()));
  }

  private static byte[] end(Session session, int transaction, String how) {
    if (!how.equals("T") && !how.equals("F")) {
      throw new StoreException("end a transaction", "EINVAL");
    }
    session.end(transaction, how.equals("T"));
    return OK;
  }

  private static byte[] domainPath(int domain) {
    return XsStrings.join(StorePath.ofDomain(domain).text());
  }

  private byte[] isIntroduced(int domain) {
    return XsStrings.join(domain == DOMID_SELF || domains.isIntroduced(domain) ? "T" : "F");
  }

  /** The page and the port mean nothing here: guests connect within our own process. */
  private byte[] introduce(Arguments arguments) {
    List<String> strings = arguments.strings(3, Integer.MAX_VALUE);
    domains.introduce(arguments.number(strings.get(0)));
    return OK;
  }

  private byte[] release(int domain) {
    domains.release(domain);
    return OK;
  }

  /** Nothing to resume: {@code @releaseDomain} is fired for each release. */
  private byte[] resume(int domain) {
    domains.guest("resume", domain);
    return OK;
  }

  private byte[] setTarget(Arguments arguments) {
    List<String> strings = arguments.strings(2, Integer.MAX_VALUE);
    domains.setTarget(arguments.number(strings.get(0)), arguments.number(strings.get(1)));
    return OK;
  }
}
