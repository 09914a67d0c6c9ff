package org.passerelle.lab.parse;

import org.passerelle.lab.model.Settings;

/** {@code address}, {@code gateway} and {@code routes}, wherever an interface is set. */
final class SettingsReader {
  private SettingsReader() {}

  static Settings read(Fields fields) {
    return new Settings(
        fields.each("address", Grammar::interfaceAddress),
        fields.each("gateway", Grammar::address),
        fields.each("routes", Grammar::route));
  }
}
