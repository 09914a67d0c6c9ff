package org.passerelle.scripts;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.passerelle.link.fake.FakeKernel;
import org.passerelle.link.os.HostFiles;
import org.passerelle.link.rtnl.Address;
import org.passerelle.link.rtnl.Link;
import org.passerelle.link.rtnl.LinkChange;
import org.passerelle.link.wire.IpPrefix;
import org.passerelle.link.wire.MacAddress;

/** A host whose eth0 has a leased address, with its files below a directory, and network-bridge. */
final class LeasedHost {
  static final MacAddress MAC = MacAddress.parse("52:54:00:00:00:01");
  static final IpPrefix ADDRESS = IpPrefix.parse("192.0.2.10/24");

  final FakeKernel kernel = new FakeKernel();
  private final Path root;
  private final ScriptRun script;

  LeasedHost(Path directory) {
    this.root = directory.resolve("root");
    kernel.plug("eth0", MAC);
    kernel.change("eth0", LinkChange.builder().up(true).build());
    kernel.settle();
    kernel.add(Address.of("eth0", ADDRESS).withLifetimes(3600, 1800));
    script = new ScriptRun(new NetworkBridge(files()), kernel, directory.resolve("run"));
  }

  HostFiles files() {
    return new HostFiles(root);
  }

  Link link(String name) {
    return kernel.link(name).orElseThrow();
  }

  int run(String... words) {
    return script.run(words);
  }

  List<String> out() {
    return script.out();
  }

  List<String> err() {
    return script.err();
  }

  /** Writes a file of some lines; a bar is what ends a word of a command line. */
  void file(String path, String... lines) throws IOException {
    Path file = root.resolve(path.replace("INDEX", Integer.toString(link("eth0").index())));
    Files.createDirectories(file.getParent());
    Files.writeString(file, String.join("\n", lines).replace('|', '\0') + "\n");
  }

  /** A process, by its words with a bar after each. */
  void process(String words) throws IOException {
    file("proc/77/cmdline", words);
  }

  /** The network namespace of a process, by its number, or of {@code thread-self}. */
  void network(String process, String namespace) throws IOException {
    Path link = root.resolve("proc/" + process + "/ns/net");
    Files.createDirectories(link.getParent());
    Files.deleteIfExists(link);
    Files.createSymbolicLink(link, Path.of(namespace));
  }

  LeaseKeeper keeper(String device) {
    return LeaseKeeper.of(link(device), files());
  }
}
