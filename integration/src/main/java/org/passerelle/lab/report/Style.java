package org.passerelle.lab.report;

/** Colour, or none of it. */
public enum Style {
  PLAIN,
  COLOUR;

  public String green(String text) {
    return sgr("32", text);
  }

  public String red(String text) {
    return sgr("1;31", text);
  }

  public String yellow(String text) {
    return sgr("33", text);
  }

  public String dim(String text) {
    return sgr("2", text);
  }

  public String bold(String text) {
    return sgr("1", text);
  }

  /** ECMA-48's select graphic rendition. */
  private String sgr(String code, String text) {
    return this == PLAIN ? text : "\u001b[" + code + "m" + text + "\u001b[0m";
  }
}
