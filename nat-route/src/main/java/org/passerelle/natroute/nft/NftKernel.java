package org.passerelle.natroute.nft;

import java.util.List;
import java.util.Optional;
import org.passerelle.link.rtnl.Kernel;
import org.passerelle.link.rtnl.KernelDecorator;
import org.passerelle.link.rtnl.TableEntry;

/**
 * A kernel with its packet filter: of the namespace of the thread that first asks for it, which is
 * the one that the kernel behind is of.
 */
public final class NftKernel extends KernelDecorator {
  private LibNftables library;

  public NftKernel(Kernel kernel) {
    super(kernel);
  }

  private NftTable ours() {
    if (library == null) {
      library = LibNftables.open();
    }
    return new NftTable(library);
  }

  @Override
  public Optional<List<TableEntry>> table() {
    return ours().read();
  }

  @Override
  public void createTable() {
    ours().create();
  }

  @Override
  public void deleteTable() {
    ours().delete();
  }

  @Override
  public void add(TableEntry entry) {
    ours().add(entry);
  }

  @Override
  public void remove(TableEntry entry) {
    ours().remove(entry);
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
