package org.passerelle.natroute.dhcp;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.passerelle.link.os.HostFiles;
import org.passerelle.link.rtnl.DhcpHost;

/**
 * ISC's dhcpd as the host has it: a line a guest in its configuration, the vif's name where it is
 * told what to hear, and a restart, as the originals do it. It runs whether we want it or not.
 *
 * @param init the script that restarts it
 * @param arguments where it is told what to hear; empty where the host has no such file
 * @param warnings takes why it was not restarted
 */
record IscDhcpd(
    Path configuration,
    Path init,
    Optional<Path> arguments,
    Resolver resolver,
    Consumer<String> warnings)
    implements DhcpServer {
  private static final List<String> CONFIGURATIONS =
      List.of("etc/dhcp/dhcpd.conf", "etc/dhcp3/dhcpd.conf", "etc/dhcpd.conf");
  private static final List<String> INITS =
      List.of(
          "etc/init.d/isc-dhcp-server",
          "etc/init.d/dhcp-server",
          "etc/init.d/dhcp3-server",
          "etc/init.d/dhcp",
          "etc/init.d/dhcpd");

  /** Those of the originals, then Debian's since 2011. */
  private static final List<String> ARGUMENTS =
      List.of(
          "etc/sysconfig/dhcpd",
          "etc/defaults/dhcp",
          "etc/default/dhcp-server",
          "etc/default/dhcp3-server",
          "etc/default/isc-dhcp-server");

  private static final long PATIENCE_SECONDS = 10;

  /** What the host has of it; empty where it is not configured, or nothing can restart it. */
  static Optional<IscDhcpd> of(HostFiles files, Consumer<String> warnings) {
    Optional<Path> init = files.first(INITS).filter(Files::isExecutable);
    return files
        .first(CONFIGURATIONS)
        .filter(_ -> init.isPresent())
        .map(
            configuration ->
                new IscDhcpd(
                    configuration,
                    init.get(),
                    files.first(ARGUMENTS),
                    new Resolver(files.lines(Resolver.FILE)),
                    warnings));
  }

  @Override
  public String words() {
    return "the dhcpd of this host, by " + configuration + " and " + init;
  }

  @Override
  public List<DhcpHost> hosts() {
    return IscText.hosts(read(configuration));
  }

  @Override
  public void add(DhcpHost host, boolean wanted) {
    edit(configuration, text -> IscText.with(text, host));
    arguments.ifPresent(file -> edit(file, text -> IscText.withDevice(text, host.device())));
    restart();
  }

  @Override
  public void remove(DhcpHost host, boolean wanted) {
    edit(configuration, text -> IscText.without(text, host));
    arguments.ifPresent(file -> edit(file, text -> IscText.withoutDevice(text, host.device())));
    restart();
  }

  @Override
  public boolean isRunning() {
    return true;
  }

  @Override
  public void start() {
    edit(configuration, text -> IscText.withSubnet(text, resolver));
    restart();
  }

  @Override
  public void stop() {
    edit(configuration, IscText::withoutSubnet);
    restart();
  }

  private static String read(Path file) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException("read " + file + ": " + e, e);
    }
  }

  /** In the place of the file itself, wherever it is linked to, with its owner and mode. */
  private static void edit(Path file, UnaryOperator<String> change) {
    String before = read(file);
    String after = change.apply(before);
    if (after.equals(before)) {
      return;
    }
    try {
      Path real = file.toRealPath();
      Path unfinished = real.resolveSibling(real.getFileName() + ".passerelle");
      Files.copy(
          real,
          unfinished,
          StandardCopyOption.COPY_ATTRIBUTES,
          StandardCopyOption.REPLACE_EXISTING);
      Files.writeString(unfinished, after, StandardCharsets.ISO_8859_1);
      Files.move(unfinished, real, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException("change " + file + ": " + e, e);
    }
  }

  /**
   * dhcpd ends with an error where there is nothing for it to do: that is no reason to undo what it
   * was told, but to say so.
   */
  private void restart() {
    try {
      // No pipe: a dhcpd in the background keeps what it inherits.
      Path said = Files.createTempFile("passerelle-dhcpd", ".log");
      try {
        String end = restart(said);
        if (!end.isEmpty()) {
          warnings.accept(warning(end, lastLine(said)));
        }
      } finally {
        Files.deleteIfExists(said);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("run " + init + " restart: " + e, e);
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts a script", e);
    }
  }

  /** How it failed; empty when it did not. */
  private String restart(Path said) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(init.toString(), "restart")
            .redirectInput(new File("/dev/null"))
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start();
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      return "had not ended after " + PATIENCE_SECONDS + " s, and was killed";
    }
    return process.exitValue() == 0 ? "" : "ended with exit code " + process.exitValue();
  }

  private static String lastLine(Path said) throws IOException {
    return Files.readString(said, StandardCharsets.ISO_8859_1)
        .lines()
        .filter(line -> !line.isBlank())
        .reduce("(nothing)", (before, line) -> line.strip());
  }

  private String warning(String end, String said) {
    return init
        + " restart "
        + end
        + ", its last line: "
        + said
        + "; unless there is nothing for dhcpd to serve, nobody is told an address until it runs:"
        + " dhcpd -t -cf "
        + configuration
        + " says what is wrong with its file, its log what else";
  }
}
