package org.passerelle.scripts;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which device a vif script was called for, and to do what: the originals' common prologue
 * (vif-common.sh). Command line before environment.
 */
final class VifCall {
  private static final String VIF = "vif";
  private static final String TAP = "tap";

  /** An emulated NIC's tap; XENBUS_PATH is the vif's whose double it is. */
  private static final String TAP_NAME = "vif(\\d{1,5})\\.(\\d{1,5})-emu";

  private static final Map<String, String> EXAMPLES =
      Map.of(
          VIF,
          "vif=vif7.0",
          "INTERFACE",
          "INTERFACE=vif7.0-emu",
          "XENBUS_PATH",
          "XENBUS_PATH=backend/vif/7/0");

  private final ScriptContext context;
  private final ScriptArguments arguments;
  private final String type;

  /** Once somebody has asked for it. */
  private BackendPath backend;

  private VifCall(ScriptContext context, ScriptArguments arguments) {
    this.context = context;
    this.arguments = arguments;
    this.type = valueOf("type_if").isEmpty() ? VIF : valueOf("type_if");
  }

  /**
   * The call; empty when there is nothing to do for such a device: vifs go online and offline, taps
   * are added and removed, and the toolstack asks for both.
   */
  static Optional<VifCall> of(ScriptContext context, ScriptArguments arguments) {
    VifCall call = new VifCall(context, arguments);
    boolean forVif =
        switch (arguments.command()) {
          case "online", "offline" -> true;
          case "add", "remove" -> false;
          default -> throw new ScriptException("Invalid command: " + arguments.command());
        };
    if (!call.type.equals(VIF) && !call.type.equals(TAP)) {
      throw new ScriptException("unknown interface type " + call.type);
    }
    if (forVif != call.isVif()) {
      return Optional.empty();
    }
    call.given();
    call.backend();
    return Optional.of(call);
  }

  /** Text; empty when it is nowhere. */
  String valueOf(String key) {
    return arguments.value(key).orElse(context.environment().getOrDefault(key, ""));
  }

  String command() {
    return arguments.command();
  }

  boolean isVif() {
    return type.equals(VIF);
  }

  boolean isAttaching() {
    return command().equals("online") || command().equals("add");
  }

  /** The device as it is called here and now, as the caller has it. */
  String given() {
    return required(isVif() ? VIF : "INTERFACE");
  }

  /** The device as the driver called it: {@code vif1.0}, or {@code vif1.0-emu}. */
  String device() {
    return isVif() ? backend().vif() : given();
  }

  BackendPath backend() {
    if (backend == null) {
      backend = findBackend();
    }
    return backend;
  }

  private BackendPath findBackend() {
    if (isVif()) {
      return BackendPath.parse(required("XENBUS_PATH"));
    }
    Matcher matcher = Pattern.compile(TAP_NAME).matcher(given());
    if (!matcher.matches()) {
      throw new ScriptException("INTERFACE=" + given() + " is not vif<domid>.<devid>-emu");
    }
    return BackendPath.parse(
        "/local/domain/0/backend/vif/" + matcher.group(1) + "/" + matcher.group(2));
  }

  private String required(String key) {
    String value = valueOf(key);
    if (value.isEmpty()) {
      throw new ScriptException(
          key
              + " is not set: the toolstack runs this script, and says in it which device is"
              + " meant; by hand "
              + EXAMPLES.get(key));
    }
    return value;
  }

  String describe() {
    return String.join(" ", context.arguments()) + " XENBUS_PATH=" + backend().path();
  }
}
