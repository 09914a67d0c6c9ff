package org.passerelle.natroute.nft;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.passerelle.link.os.HomeNamespace;
import org.passerelle.link.os.NetlinkKernel;
import org.passerelle.link.rtnl.KernelDecorator;
import org.passerelle.link.rtnl.TableEntry;

/** A kernel with its packet filter, that of the namespace that it shows. */
public final class NftKernel extends KernelDecorator {
  private final HomeNamespace home;
  private LibNftables library;

  public NftKernel(NetlinkKernel kernel) {
    super(kernel);
    this.home = kernel.home();
  }

  private <T> T with(Function<NftTable, T> action) {
    return home.call(
        () -> {
          if (library == null) {
            library = LibNftables.open();
          }
          return action.apply(new NftTable(library));
        });
  }

  private void act(Consumer<NftTable> action) {
    with(
        table -> {
          action.accept(table);
          return null;
        });
  }

  @Override
  public Optional<List<TableEntry>> table() {
    return with(NftTable::read);
  }

  @Override
  public void createTable() {
    act(NftTable::create);
  }

  @Override
  public void deleteTable() {
    act(NftTable::delete);
  }

  @Override
  public void add(TableEntry entry) {
    act(table -> table.add(entry));
  }

  @Override
  public void remove(TableEntry entry) {
    act(table -> table.remove(entry));
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
