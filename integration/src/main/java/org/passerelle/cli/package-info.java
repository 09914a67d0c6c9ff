/** The {@code passerelle} command. May import: {@code lab}, {@code toolstack}. */
package org.passerelle.cli;
