package org.passerelle.natroute.nft;

import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.passerelle.link.list.Lists;
import org.passerelle.link.os.NfTables;
import org.passerelle.link.rtnl.KernelException;
import org.passerelle.link.rtnl.Refusal;

/**
 * libnftables(3) by JNA's {@code Function}, as {@code link.os} calls the C library: one context for
 * the namespace of the thread that opened it.
 */
final class LibNftables {
  private static final String NAME = "libnftables.so.1";

  /** NFT_CTX_OUTPUT_JSON of nftables/libnftables.h. */
  private static final int OUTPUT_JSON = 1 << 4;

  /**
   * NFT_CTX_OUTPUT_STATELESS, NFT_CTX_OUTPUT_HANDLE and NFT_CTX_OUTPUT_TERSE: no counters, each
   * rule's number, and of sets with a name not what is in them, which takes seconds for a hundred
   * thousand networks.
   */
  private static final int OUTPUT_NUMBERED = 1 << 2 | 1 << 3 | 1 << 11;

  private static final int MOST_ASKED = 100;

  private static final String REMEDY =
      "a kernel with CONFIG_NF_TABLES is needed, for NAT with CONFIG_NFT_NAT, for antispoof with"
          + " CONFIG_NF_TABLES_NETDEV and CONFIG_NETFILTER_INGRESS";

  /** What a kernel without it, or without netlink to it, says. */
  private static final Set<Refusal> ABSENT =
      EnumSet.of(Refusal.EPROTONOSUPPORT, Refusal.EINVAL, Refusal.EOPNOTSUPP);

  private final NativeLibrary library;
  private final Pointer context;

  private LibNftables(NativeLibrary library, Pointer context) {
    this.library = library;
    this.context = context;
  }

  /** Throws KernelException, with the remedy, where the library or the kernel's part is missing. */
  static LibNftables open() {
    return open(NAME);
  }

  static LibNftables open(String name) {
    NativeLibrary library = load(name);
    askKernel();
    // struct nft_ctx *nft_ctx_new(uint32_t flags)
    Pointer context = library.getFunction("nft_ctx_new").invokePointer(new Object[] {0});
    LibNftables opened = new LibNftables(library, context);
    opened.speak(OUTPUT_JSON);
    // int nft_ctx_buffer_output(struct nft_ctx *ctx), and the same for errors
    opened.call("nft_ctx_buffer_output", context);
    opened.call("nft_ctx_buffer_error", context);
    return opened;
  }

  private static NativeLibrary load(String name) {
    try {
      return NativeLibrary.getInstance(name);
    } catch (UnsatisfiedLinkError e) {
      throw new KernelException(
          "load " + name,
          Refusal.EOPNOTSUPP.number(),
          Refusal.EOPNOTSUPP.toString(),
          "NAT and antispoof are made with nftables, not iptables: apt-get install libnftables1");
    }
  }

  /**
   * Where the kernel has no netlink for packet filters, the library ends the whole process
   * (netlink_open_error in nftables' src/mnl.c calls exit); where it only lacks nf_tables, the
   * library says EINVAL to a listing; to who may not it writes a line of its own. So it is asked
   * before.
   */
  private static void askKernel() {
    try {
      NfTables.ask();
    } catch (KernelException e) {
      if (Lists.any(ABSENT, refusal -> refusal.is(e))) {
        throw new KernelException(
            "use nftables", Refusal.EOPNOTSUPP.number(), e.getMessage(), REMEDY);
      }
      if (Refusal.EPERM.is(e)) {
        throw new KernelException(
            "use nftables", Refusal.EPERM.number(), Refusal.EPERM.toString(), "run it as root");
      }
      throw e;
    }
  }

  private int call(String name, Object... arguments) {
    return library.getFunction(name).invokeInt(arguments);
  }

  /**
   * Runs commands, all or none, and returns what the library says.
   *
   * @param operation for the message of a refusal
   */
  String run(String commands, String operation) {
    byte[] text = (commands + "\0").getBytes(StandardCharsets.UTF_8);
    // int nft_run_cmd_from_buffer(struct nft_ctx *ctx, const char *buf)
    int result = call("nft_run_cmd_from_buffer", context, text);
    // const char *nft_ctx_get_output_buffer(struct nft_ctx *ctx): empties it for the next
    String output = text("nft_ctx_get_output_buffer");
    String error = text("nft_ctx_get_error_buffer");
    if (result != 0) {
      throw refusal(operation, error);
    }
    return output;
  }

  /**
   * Runs what only asks: once more where it was interrupted, as a listing is when the rules change
   * before its end.
   */
  String ask(String question, String operation) {
    for (int asked = 1; ; asked++) {
      try {
        return run(question, operation);
      } catch (KernelException e) {
        if (!Refusal.EINTR.is(e) || asked == MOST_ASKED) {
          throw e;
        }
      }
    }
  }

  /** The same, said in nft's own language: what is said can be given back as a command. */
  String tell(String question, String operation) {
    return tell(question, operation, 0);
  }

  /**
   * The same with each rule's number behind it, without what is counted and what is in sets with a
   * name.
   */
  String tellNumbered(String question, String operation) {
    return tell(question, operation, OUTPUT_NUMBERED);
  }

  private String tell(String question, String operation, int flags) {
    speak(flags);
    try {
      return ask(question, operation);
    } finally {
      speak(OUTPUT_JSON);
    }
  }

  private void speak(int flags) {
    // void nft_ctx_output_set_flags(struct nft_ctx *ctx, unsigned int flags)
    library.getFunction("nft_ctx_output_set_flags").invokeVoid(new Object[] {context, flags});
  }

  private String text(String function) {
    Pointer text = library.getFunction(function).invokePointer(new Object[] {context});
    return text == null ? "" : text.getString(0, StandardCharsets.UTF_8.name());
  }

  /** The library tells the errno in words only. */
  private static KernelException refusal(String operation, String error) {
    List<String> lines = Lists.lines(error.strip());
    String first =
        (lines.isEmpty() ? "" : lines.getFirst())
            .replaceFirst("^internal:\\S+ ", "")
            .replaceFirst("; did you mean .*$", "");
    for (Refusal known : Refusal.values()) {
      if (first.endsWith(known.words())) {
        boolean lacks = known == Refusal.EOPNOTSUPP;
        String remedy = lacks ? REMEDY : "";
        return new KernelException(operation, known.number(), known.toString(), remedy);
      }
    }
    return new KernelException(
        operation, Refusal.EINVAL.number(), Refusal.EINVAL.toString(), first);
  }

  void close() {
    // void nft_ctx_free(struct nft_ctx *ctx)
    library.getFunction("nft_ctx_free").invokeVoid(new Object[] {context});
  }
}
