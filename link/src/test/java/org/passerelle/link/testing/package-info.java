/**
 * What tests of this module and of those above share: states to compare, hosts at random, a kernel
 * whose caller dies.
 */
package org.passerelle.link.testing;
