/**
 * What tests of this module and of those above it share: the capability annotation, namespaces that
 * end with their test, and octets written as commented text.
 */
package org.passerelle.link.testing;
