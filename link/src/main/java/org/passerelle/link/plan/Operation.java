package org.passerelle.link.plan;

import java.util.List;
import java.util.Optional;
import org.passerelle.link.rtnl.Kernel;
import org.passerelle.link.rtnl.Link;

/**
 * One change of one thing, as data: it prints itself, applies itself, and says from the state just
 * before what would undo it, as operations again. So undos can be written down (see {@link
 * Journal}) and carried out by another process.
 *
 * <p>What depends on the kind of operation and is asked in every run is a method here: a switch
 * over the kinds makes a class at run time, which takes a script 8 ms.
 *
 * <p>A device is known by name and index. A plan's own operations have index 0: the name says it,
 * for the device may not exist yet. An undo has the index too, so that it finds its device under
 * whatever name an administrator gave it meanwhile, and never takes another for it.
 */
public sealed interface Operation
    permits CreateLink,
        DeleteLink,
        Rename,
        Relabel,
        SetLink,
        AddAddress,
        RemoveAddress,
        ChangeAddress,
        AddRoute,
        RemoveRoute,
        MoveRoute,
        AddNeighbour,
        RemoveNeighbour,
        SetSysctl,
        SetTable,
        SetEntry,
        SetGuard,
        SetDhcpHost,
        SetDhcpUser,
        SetMark {

  /** The command of iproute2 that does the same. */
  String command();

  /** Whose configuration it changes: not the bridge's that a port is given to. */
  List<String> devices();

  /** This as a line of a journal. */
  String line();

  /** Carries the change out; throws {@link org.passerelle.link.rtnl.KernelException}. */
  void apply(Kernel kernel);

  /**
   * What brings {@code now}, the state just before this operation, back after it. In order; empty
   * when this operation would change nothing or fail.
   */
  List<Operation> undo(Host now);

  /**
   * Carries an undo out, unless there is nothing left to undo or somebody else has changed the
   * thing since: then it stays as it is.
   *
   * @return whether anything was changed
   */
  boolean applyIfDue(Kernel kernel);

  /** This operation some seconds later: lifetimes of addresses and routes have run on. */
  default Operation aged(long seconds) {
    return this;
  }

  /** The present name of a device that was {@code name} and {@code index} (0: unknown). */
  static Optional<String> find(Kernel kernel, String name, int index) {
    Optional<Link> named = kernel.link(name);
    if (index == 0 || named.filter(link -> link.index() == index).isPresent()) {
      return named.map(Link::name);
    }
    // Renamed meanwhile; or deleted and made again by an undo, with our mark and a new index.
    return kernel.link(index).or(() -> named.filter(Ownership::isOurs)).map(Link::name);
  }
}
