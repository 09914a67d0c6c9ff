package org.passerelle.link.port;

/**
 * A port before another one, to which it hands everything on. One that differs overrides what it
 * does differently.
 */
public abstract class PortDecorator implements Port {
  /** The one behind. */
  protected final Port port;

  protected PortDecorator(Port port) {
    this.port = port;
  }

  @Override
  public String name() {
    return port.name();
  }

  @Override
  public boolean receive(Frame frame) {
    return port.receive(frame);
  }

  @Override
  public boolean send(Frame frame) {
    return port.send(frame);
  }

  @Override
  public int descriptor() {
    return port.descriptor();
  }

  @Override
  public void close() {
    port.close();
  }
}
