package org.passerelle.bridge.learning;

import java.lang.foreign.ValueLayout;
import org.passerelle.link.port.Frame;
import org.passerelle.link.port.Port;

/** Has a frame from another station whenever it is asked, and takes all that it is sent. */
final class Source implements Port {
  private final Frame template = TestFrames.frame(TestFrames.WEB, TestFrames.BROADCAST, 0);
  private int count;

  @Override
  public String name() {
    return "source";
  }

  @Override
  public boolean receive(Frame frame) {
    frame.copyFrom(template);
    byte low = (byte) count++;
    frame.memory().set(ValueLayout.JAVA_BYTE, Frame.DATA + 11L, low);
    return true;
  }

  @Override
  public boolean send(Frame frame) {
    return true;
  }

  @Override
  public int descriptor() {
    return -1;
  }

  @Override
  public void close() {}
}
