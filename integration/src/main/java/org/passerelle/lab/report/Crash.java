package org.passerelle.lab.report;

import java.util.List;

/**
 * A domain that ended by itself while its lab ran.
 *
 * @param reason how its process ended, and what led to it
 * @param log the last lines that it wrote
 */
public record Crash(String domain, String reason, List<String> log) {
  @Override
  public String toString() {
    return "domain " + domain + " has crashed: " + reason;
  }
}
