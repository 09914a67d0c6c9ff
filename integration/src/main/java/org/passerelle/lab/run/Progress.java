package org.passerelle.lab.run;

/** Is told what is being done. */
public interface Progress {

  /** A step begins. */
  void step(String what);

  /** A warning, or a line that a script wrote. */
  void note(String line);
}
