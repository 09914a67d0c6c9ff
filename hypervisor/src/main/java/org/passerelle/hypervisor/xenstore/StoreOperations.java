package org.passerelle.hypervisor.xenstore;

import java.util.List;
import java.util.Optional;

/** What can be done to the tree, alone or within a transaction. Values are UTF-8 text here. */
public interface StoreOperations {

  /** The node's value. Throws {@link StoreException} ENOENT when it is absent. */
  String read(String path);

  /** The node's value, empty when the node is absent. Other errors are thrown. */
  Optional<String> readIfPresent(String path);

  /** Writes a value, making the node and its parents. */
  void write(String path, String value);

  /** Makes a node with an empty value; nothing when it exists. */
  void mkdir(String path);

  /** Removes a node and all below it. No error when it is absent but its parent exists. */
  void remove(String path);

  /** The names of the children, in the order in which they were made. */
  List<String> list(String path);

  XenStore.Permissions permissions(String path);

  void setPermissions(String path, XenStore.Permissions permissions);
}
