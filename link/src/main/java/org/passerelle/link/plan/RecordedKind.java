package org.passerelle.link.plan;

import java.util.List;
import java.util.Optional;
import org.passerelle.link.rtnl.LinkKind;
import org.passerelle.link.rtnl.RawAttribute;

/** A kind as a journal keeps it: this layer does not know what its attributes mean. */
record RecordedKind(
    String name, Optional<String> lower, List<RawAttribute> data, String ipArguments)
    implements LinkKind {}
