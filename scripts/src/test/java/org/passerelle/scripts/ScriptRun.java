package org.passerelle.scripts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.passerelle.hypervisor.xenstore.StoreException;
import org.passerelle.hypervisor.xenstore.XenStore;
import org.passerelle.link.rtnl.Kernel;

/** Runs scripts and keeps what they print. */
final class ScriptRun {
  private final HotplugScript script;
  private final Kernel kernel;
  private final Path runDirectory;
  private final Map<String, String> environment = new HashMap<>();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private XenStore store;

  ScriptRun(HotplugScript script, Kernel kernel, Path runDirectory) {
    this.script = script;
    this.kernel = kernel;
    this.runDirectory = runDirectory;
  }

  ScriptRun with(XenStore connection) {
    store = connection;
    return this;
  }

  ScriptRun with(String key, String value) {
    environment.put(key, value);
    return this;
  }

  /** vif-nat for the vif of {@link RouterHosts}. */
  static ScriptRun ofNatVif(Kernel kernel, Path runDirectory, XenStore store) {
    return new ScriptRun(new VifNat(), kernel, runDirectory)
        .with(store)
        .with("XENBUS_PATH", "backend/vif/7/0")
        .with("vif", "vif7.0");
  }

  /** Runs it to a good end. */
  void succeeds(String... arguments) {
    int code = run(arguments);
    assertThat(code).as("%s", err()).isZero();
  }

  int run(String... arguments) {
    out.reset();
    err.reset();
    return script.run(
        new ScriptContext(
            "script",
            List.of(arguments),
            environment,
            kernel,
            this::store,
            stream(out),
            stream(err),
            runDirectory));
  }

  private XenStore store() {
    if (store == null) {
      throw new StoreException("connect to XenStore", "EIO");
    }
    return store;
  }

  private static PrintStream stream(ByteArrayOutputStream octets) {
    return new PrintStream(octets, true, StandardCharsets.UTF_8);
  }

  List<String> out() {
    return lines(out);
  }

  List<String> err() {
    return lines(err);
  }

  private static List<String> lines(ByteArrayOutputStream octets) {
    return octets.toString(StandardCharsets.UTF_8).lines().toList();
  }
}
