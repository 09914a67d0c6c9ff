package org.passerelle.natroute.nft;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.passerelle.link.os.HomeNamespace;
import org.passerelle.link.os.NetlinkKernel;
import org.passerelle.link.rtnl.Guard;
import org.passerelle.link.rtnl.KernelDecorator;
import org.passerelle.link.rtnl.TableEntry;
import org.passerelle.link.rtnl.TableKey;

/** A kernel with its packet filter, that of the namespace that it shows. */
public final class NftKernel extends KernelDecorator {
  private final HomeNamespace home;
  private LibNftables library;

  public NftKernel(NetlinkKernel kernel) {
    super(kernel);
    this.home = kernel.home();
  }

  /** The namespace that it shows. */
  public HomeNamespace home() {
    return home;
  }

  private <T> T with(Function<LibNftables, T> action) {
    return home.call(
        () -> {
          if (library == null) {
            library = LibNftables.open();
          }
          return action.apply(library);
        });
  }

  private void act(Consumer<LibNftables> action) {
    with(
        opened -> {
          action.accept(opened);
          return null;
        });
  }

  @Override
  public Optional<List<TableEntry>> table() {
    return with(opened -> new NftTable(opened).read());
  }

  @Override
  public boolean hasTable() {
    return with(opened -> new NftTable(opened).isThere());
  }

  @Override
  public List<TableEntry> entries(String set) {
    return with(opened -> new NftTable(opened).entries(set));
  }

  @Override
  public Optional<TableEntry> entry(TableKey key) {
    return with(opened -> new NftTable(opened).entry(key));
  }

  @Override
  public void createTable() {
    act(opened -> new NftTable(opened).create());
  }

  @Override
  public void deleteTable() {
    act(opened -> new NftTable(opened).delete());
  }

  @Override
  public void add(TableEntry entry) {
    act(opened -> new NftTable(opened).add(entry));
  }

  @Override
  public void remove(TableEntry entry) {
    act(opened -> new NftTable(opened).remove(entry));
  }

  @Override
  public Optional<Guard> guard(String device) {
    return with(opened -> new NftGuard(opened, device).read());
  }

  @Override
  public void guard(Guard guard) {
    act(opened -> new NftGuard(opened, guard.device()).set(guard));
  }

  @Override
  public void unguard(String device) {
    act(opened -> new NftGuard(opened, device).remove());
  }

  /** All rules there are, of everybody. */
  public Ruleset ruleset() {
    String list = "list ruleset";
    return with(
        opened -> RulesetReader.read(opened.ask(list, list), opened.tellNumbered(list, list)));
  }

  @Override
  public void close() {
    if (library != null) {
      library.close();
      library = null;
    }
    super.close();
  }
}
