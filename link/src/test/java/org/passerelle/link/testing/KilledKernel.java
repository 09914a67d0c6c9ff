package org.passerelle.link.testing;

import java.util.List;
import org.passerelle.link.rtnl.Address;
import org.passerelle.link.rtnl.Kernel;
import org.passerelle.link.rtnl.Link;
import org.passerelle.link.rtnl.LinkChange;
import org.passerelle.link.rtnl.LinkSpec;
import org.passerelle.link.rtnl.Neighbour;
import org.passerelle.link.rtnl.Route;

/**
 * A kernel whose caller is killed at a change: an Error, which no code of ours catches, so nothing
 * in the process gets to tidy up.
 */
public final class KilledKernel implements Kernel {
  private final Kernel kernel;
  private int changesLeft;
  private final boolean afterwards;

  /** The end of the process. */
  public static final class Killed extends Error {
    private static final long serialVersionUID = 1L;
  }

  /**
   * @param afterwards whether the last change still happens
   */
  public KilledKernel(Kernel kernel, int changes, boolean afterwards) {
    this.kernel = kernel;
    this.changesLeft = changes;
    this.afterwards = afterwards;
  }

  private void change(Runnable change) {
    if (changesLeft-- > 0) {
      change.run();
      return;
    }
    if (afterwards) {
      change.run();
    }
    throw new Killed();
  }

  @Override
  public List<Link> links() {
    return kernel.links();
  }

  @Override
  public List<Address> addresses() {
    return kernel.addresses();
  }

  @Override
  public List<Route> routes() {
    return kernel.routes();
  }

  @Override
  public List<Neighbour> neighbours() {
    return kernel.neighbours();
  }

  @Override
  public void create(LinkSpec spec) {
    change(() -> kernel.create(spec));
  }

  @Override
  public void delete(String device) {
    change(() -> kernel.delete(device));
  }

  @Override
  public void change(String device, LinkChange what) {
    change(() -> kernel.change(device, what));
  }

  @Override
  public void add(Address address) {
    change(() -> kernel.add(address));
  }

  @Override
  public void remove(Address address) {
    change(() -> kernel.remove(address));
  }

  @Override
  public void change(Address address) {
    change(() -> kernel.change(address));
  }

  @Override
  public void add(Route route) {
    change(() -> kernel.add(route));
  }

  @Override
  public void remove(Route route) {
    change(() -> kernel.remove(route));
  }

  @Override
  public void append(Route route) {
    change(() -> kernel.append(route));
  }

  @Override
  public void replace(Route route) {
    change(() -> kernel.replace(route));
  }

  @Override
  public void add(Neighbour neighbour) {
    change(() -> kernel.add(neighbour));
  }

  @Override
  public void remove(Neighbour neighbour) {
    change(() -> kernel.remove(neighbour));
  }

  @Override
  public void close() {
    kernel.close();
  }
}
