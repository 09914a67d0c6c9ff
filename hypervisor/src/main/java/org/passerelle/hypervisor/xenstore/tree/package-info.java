/**
 * The store itself: nodes that never change, a tree that is a value, transactions as two such
 * values, who may do what, and how much of it.
 *
 * <p>One thread owns a {@link org.passerelle.hypervisor.xenstore.tree.Store}; the trees that it
 * hands out may be read by any. Errors are {@link
 * org.passerelle.hypervisor.xenstore.StoreException} with the names and in the cases of Xen's C
 * xenstored.
 *
 * <p>May import: {@code hypervisor.xenstore}, {@code hypervisor.xenstore.wire} for the limits.
 */
package org.passerelle.hypervisor.xenstore.tree;
