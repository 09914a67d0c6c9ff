package org.passerelle.outside;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.passerelle.hypervisor.domain.DomainId;
import org.passerelle.hypervisor.xenstore.XenStore;
import org.passerelle.hypervisor.xenstore.server.StoreServer;
import org.passerelle.link.os.Namespace;
import org.passerelle.link.testing.TestNamespaces;

/**
 * dom0 in a network namespace of its own, with a run directory and a XenStore of its own. The
 * scripts run in it by their launchers; {@code ip}, {@code nft} and the store say what they did.
 */
final class Dom0 implements AutoCloseable {
  private final TestNamespaces namespaces;
  private final Namespace namespace;
  private final ScriptInstallation installation;
  private final Path directory;
  private final StoreServer server = new StoreServer();
  private final XenStore store = server.connect(DomainId.DOM0);
  private final Map<String, String> environment = new HashMap<>();

  Dom0(TestNamespaces namespaces, ScriptInstallation installation, Path directory) {
    this.namespaces = namespaces;
    this.installation = installation;
    this.directory = directory;
    this.namespace = namespaces.create();
    try {
      Files.createDirectories(runDirectory());
      server.listen(socket());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    environment.put("PASSERELLE_JAVA_HOME", System.getProperty("java.home"));
    environment.put("PASSERELLE_RUN_DIR", runDirectory().toString());
    environment.put("XENSTORED_PATH", socket().toString());
  }

  Path runDirectory() {
    return directory.resolve("run");
  }

  private Path socket() {
    return directory.resolve("store");
  }

  /** A file of this host's own. */
  Path file(String name) {
    return directory.resolve(name);
  }

  XenStore store() {
    return store;
  }

  /** For scripts, beside what all of them have. */
  void setenv(String key, String value) {
    environment.put(key, value);
  }

  /** eth0 leads outside, by w0 there; a MAC of our choice makes hosts comparable. */
  Namespace wire() {
    Namespace outside = namespaces.create();
    namespaces.wire(namespace, "eth0", outside, "w0");
    ip("link", "set", "dev", "eth0", "down");
    ip("link", "set", "dev", "eth0", "address", "02:00:00:00:00:01");
    ip("link", "set", "dev", "eth0", "up");
    return outside;
  }

  /** Runs ip, which succeeds. */
  String ip(String... words) {
    List<String> command = new ArrayList<>(List.of("ip"));
    command.addAll(List.of(words));
    return command(command.toArray(String[]::new));
  }

  /** What ip says to these, in JSON with all details, one line each. */
  String ipBatch(String... commands) {
    try {
      Path file = Files.writeString(file("batch"), String.join("\n", commands) + "\n");
      return ip("-j", "-d", "-N", "-batch", file.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs a command, which succeeds, and returns what it said. */
  String command(String... words) {
    Process process = start(new ProcessBuilder(words).redirectErrorStream(true));
    String said = said(process);
    if (Patience.end(process) != 0) {
      throw new AssertionError(String.join(" ", words) + ": " + said);
    }
    return said;
  }

  private static String said(Process process) {
    try {
      process.getOutputStream().close();
      return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Opens something in dom0. */
  <T> T open(Callable<T> task) {
    return namespace.call(task);
  }

  /** Starts a process in dom0. */
  Process start(ProcessBuilder builder) {
    return namespace.call(builder::start);
  }

  /** Starts a script by its launcher; its words go to the file {@code said}. */
  Process script(List<String> words) {
    List<String> command = new ArrayList<>(words);
    command.set(0, launcher(words.getFirst()));
    return inEnvironment(command);
  }

  String launcher(String script) {
    return installation.launcher(script);
  }

  /** Starts a command with the scripts' environment; its words go to the file {@code said}. */
  Process inEnvironment(List<String> command) {
    return background(command, "said");
  }

  /** The same, with a file of its own for its words. */
  Process background(List<String> command, String said) {
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(file(said).toFile());
    builder.environment().putAll(environment);
    return start(builder);
  }

  String said() {
    return text("said");
  }

  /** What is in a file of this host's own. */
  String text(String name) {
    try {
      return Files.readString(file(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs a script by its launcher to its end, which is a good one. */
  void run(List<String> words) {
    int code = Patience.end(script(words));
    if (code != 0) {
      throw new AssertionError(words + " ended with " + code + ": " + said());
    }
  }

  /** All nodes of the store, one a line. */
  List<String> storeNodes() {
    List<String> nodes = new ArrayList<>();
    collect("/local", nodes);
    return nodes;
  }

  private void collect(String path, List<String> nodes) {
    nodes.add("store " + path + " = " + store.readIfPresent(path).orElse("(none)"));
    if (store.readIfPresent(path).isPresent()) {
      store.list(path).forEach(name -> collect(path + "/" + name, nodes));
    }
  }

  /** Whether packets are forwarded. */
  List<String> forwarding() {
    return command("sysctl", "net.ipv4.conf.all.forwarding", "net.ipv6.conf.all.forwarding")
        .lines()
        .toList();
  }

  /** What network scripts have left for later ones, one file a line. */
  List<String> words() {
    try (var files = Files.walk(runDirectory())) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> runDirectory().relativize(file).toString())
          .filter(name -> name.matches("(antispoof|services).*|settings/.*[.]kept"))
          .sorted()
          .map(this::word)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The settings that are kept have the namespace's number in their name. */
  private String word(String name) {
    return name.startsWith("services")
        ? "word " + name + " = " + text("run/" + name)
        : "word " + name.replaceFirst("-\\d+[.]kept$", "");
  }

  /** Journals that are there. A dead script's lock is nobody's: its file goes with the next. */
  List<String> leftovers() {
    if (!Files.exists(runDirectory().resolve("journal"))) {
      return List.of();
    }
    try (var files = Files.walk(runDirectory().resolve("journal"))) {
      return files.filter(Files::isRegularFile).map(Path::toString).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    store.close();
    server.close();
  }
}
