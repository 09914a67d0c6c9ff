/**
 * What tests of this module and of those above it share: the capability annotation, namespaces that
 * end with their test, octets written as commented text; states to compare, hosts at random, and a
 * kernel whose caller dies.
 */
package org.passerelle.link.testing;
