package org.passerelle.cli;

/** For whom a report is. */
enum ReportFormat {
  text,
  json
}
