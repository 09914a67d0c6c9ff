package org.passerelle.lab.run;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.passerelle.hypervisor.testing.Judges;

/** The netfront in C that shares no code with us, {@code src/test/c/netfront.c}; needs gcc. */
record CNetfront(Path program) {

  static CNetfront compile(Path directory) throws IOException, InterruptedException {
    Path program = directory.resolve("netfront");
    Judges.compile(Path.of("src/test/c/netfront.c"), program);
    return new CNetfront(program);
  }

  /** Starts it at a door; {@code how} makes it hostile once it is connected. */
  Victim start(Path door, String... how) throws IOException {
    List<String> command =
        new ArrayList<>(List.of(program.toString(), door.toString(), GuestHost.GUEST_ADDRESS));
    Stream.of(how).forEach(command::add);
    return Victim.run(command);
  }
}
