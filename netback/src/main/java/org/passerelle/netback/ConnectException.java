package org.passerelle.netback;

/** A half could not connect to its peer; the message goes to the log and to the store. */
final class ConnectException extends Exception {
  private static final long serialVersionUID = 1L;

  ConnectException(String message, Throwable cause) {
    super(message, cause);
  }
}
