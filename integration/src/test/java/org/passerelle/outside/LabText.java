package org.passerelle.outside;

/** The beginning of a lab file, up to the checks, with a place for the name. */
public final class LabText {
  private static final String HOST =
      """
      lab: %s
      network-script: network-bridge
      vif-script: vif-bridge
      host:
        nics:
          eth0: {address: [192.0.2.10/24]}
      outside:
        gw: {address: [192.0.2.1/24]}
      domains:
        web:
          vif: ["bridge=xenbr0"]
          eth0: {address: [192.0.2.11/24]}
      """;

  /** web behind xenbr0, and gw on the wire. */
  public static final String ONE_DOMAIN = HOST;

  /** db as well. */
  public static final String TWO_DOMAINS =
      HOST
          + """
            db:
              vif: ["bridge=xenbr0"]
              eth0: {address: [192.0.2.12/24]}
          """;

  private LabText() {}
}
