package org.passerelle.hypervisor.embedded;

/** How far a door's one caller is; the package's documentation draws it. */
enum DoorState {
  /** Nobody is there. */
  OPEN,
  /** Somebody is, and has said nothing that counts. */
  CALLED,
  /** The guest is. */
  INSIDE,
  /** The guest has gone, or was shown out; nobody comes in any more. */
  LEFT
}
