/**
 * The topology lab: reads a lab file, checks it, builds it in namespaces of its own, runs its
 * checks and captures, reports, and takes all down again. May import: every module below.
 */
package org.passerelle.lab;
