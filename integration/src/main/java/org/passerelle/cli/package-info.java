/** The {@code passerelle} command. May import: {@code lab}, {@code toolstack}, {@code doctor}. */
package org.passerelle.cli;
