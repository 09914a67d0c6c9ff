package org.passerelle.outside;

import java.util.List;

/** What scripts are killed at: from which state, and how to come back to it. */
enum ScriptCase {
  NETWORK_START("network-bridge", "start"),
  NETWORK_STOP("network-bridge", "stop"),
  NAT_START("network-nat", "start", "antispoof=yes", "services=tcp:22"),
  NAT_STOP("network-nat", "stop"),
  VIF_ONLINE("vif-bridge", "online"),
  VIF_OFFLINE("vif-bridge", "offline");

  private static final List<String> OTHER_VIF =
      List.of("vif-bridge", "offline", "vif=vif9.9", "XENBUS_PATH=backend/vif/9/9");

  private final List<String> words;

  ScriptCase(String... words) {
    this.words = List.of(words);
  }

  List<String> words() {
    return words;
  }

  /** A lock that the script takes before it makes its plan. */
  String lock() {
    return switch (this) {
      case NETWORK_START, NETWORK_STOP -> "network-bridge.lock";
      case NAT_START, NAT_STOP -> "forwarding.lock";
      case VIF_ONLINE, VIF_OFFLINE -> "recover.lock";
    };
  }

  /** Whether a guard undoes it at once; else the next run of a script does. */
  boolean isGuarded() {
    return this != VIF_ONLINE && this != VIF_OFFLINE;
  }

  /** A run that has nothing to do but to undo what another one left. */
  static List<String> nextRun() {
    return OTHER_VIF;
  }

  /** Makes a new dom0 ready for the script. */
  void prepare(Dom0 dom0) {
    if (isGuarded()) {
      dom0.wire();
      Configured.network(dom0);
    } else {
      Configured.bridge(dom0);
      Configured.vif(dom0);
    }
    if (this == NAT_START) {
      // Its directories are made once, at no call that comes again.
      dom0.run(words());
      comeBack(dom0);
    }
    if (this == NETWORK_STOP || this == NAT_STOP || this == VIF_OFFLINE) {
      dom0.run(opposite());
    }
  }

  /** Brings a dom0 in which the script was carried out back to the state before. */
  void comeBack(Dom0 dom0) {
    if (this == VIF_ONLINE) {
      dom0.ip("link", "delete", "dev", Configured.VIF_NAME);
      Configured.vif(dom0);
    } else {
      dom0.run(opposite());
    }
  }

  private List<String> opposite() {
    return switch (this) {
      case NETWORK_START -> NETWORK_STOP.words();
      case NETWORK_STOP -> NETWORK_START.words();
      case NAT_START -> NAT_STOP.words();
      case NAT_STOP -> NAT_START.words();
      case VIF_ONLINE -> VIF_OFFLINE.words();
      case VIF_OFFLINE -> VIF_ONLINE.words();
    };
  }

  @Override
  public String toString() {
    return String.join(" ", words);
  }
}
