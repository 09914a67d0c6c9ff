package org.passerelle.link.rtnl;

import java.util.List;

/** Paths of settings below /proc/sys, which hold devices' names, and these may have dots. */
public final class SettingPath {
  private SettingPath() {}

  /** Whether one of the parts is {@code ..}, as no device can be called. */
  public static boolean leadsElsewhere(String path) {
    return List.of(path.split("/")).contains("..");
  }
}
