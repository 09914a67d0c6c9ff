/**
 * The topology lab, from the file to the verdict. Each stage is a package and knows only those
 * before it: {@code model} (what a file says) ← {@code yaml} and {@code parse} (reading it) ←
 * {@code topology} (who is connected to whom) ← {@code validate} (what cannot work) ← {@code
 * capture}, {@code check} ← {@code run} (building, checking, taking down) and {@code report}.
 *
 * <p>May import: every module below.
 */
package org.passerelle.lab;
