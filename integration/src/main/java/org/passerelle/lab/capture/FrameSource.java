package org.passerelle.lab.capture;

/** Where a capture's frames come from; closing it ends them. */
@FunctionalInterface
public interface FrameSource extends AutoCloseable {
  @Override
  void close();
}
