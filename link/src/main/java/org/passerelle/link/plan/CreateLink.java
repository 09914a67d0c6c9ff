package org.passerelle.link.plan;

import java.util.List;
import org.passerelle.link.rtnl.Kernel;
import org.passerelle.link.rtnl.LinkSpec;
import org.passerelle.link.rtnl.TapKind;

/** Makes a link, born with our mark. */
public record CreateLink(LinkSpec spec) implements Operation {

  /** A link of the kind, marked as ours. */
  public static CreateLink ours(LinkSpec spec) {
    return new CreateLink(spec.withGroup(Ownership.GROUP));
  }

  @Override
  public String command() {
    return spec.kind().name().equals(TapKind.NAME) ? tapCommands() : linkCommand();
  }

  /** The tun driver's links have a command of their own, which takes nothing but the name. */
  private String tapCommands() {
    StringBuilder text = new StringBuilder("ip tuntap add dev ").append(spec.name());
    text.append(' ').append(spec.kind().ipArguments());
    return settings(text.append("; ip link set dev ").append(spec.name())).toString();
  }

  private StringBuilder settings(StringBuilder text) {
    spec.mac().ifPresent(mac -> text.append(" address ").append(mac));
    spec.mtu().ifPresent(mtu -> text.append(" mtu ").append(mtu));
    if (spec.group() != 0) {
      text.append(" group ").append(spec.group());
    }
    return text;
  }

  private String linkCommand() {
    StringBuilder text = new StringBuilder("ip link add ");
    spec.kind().lower().ifPresent(lower -> text.append("link ").append(lower).append(' '));
    settings(text.append("name ").append(spec.name()));
    text.append(" type ").append(spec.kind().name());
    String arguments = spec.kind().ipArguments();
    return arguments.isEmpty() ? text.toString() : text + " " + arguments;
  }

  @Override
  public List<String> devices() {
    return List.of(spec.name());
  }

  @Override
  public String line() {
    return OperationCodec.encode(this);
  }

  @Override
  public void apply(Kernel kernel) {
    kernel.create(spec);
  }

  @Override
  public List<Operation> undo(Host now) {
    return now.link(spec.name()).isPresent()
        ? List.of()
        : List.of(new DeleteLink(spec.name(), 0, spec.kind()));
  }

  @Override
  public boolean applyIfDue(Kernel kernel) {
    if (kernel.link(spec.name()).isPresent()) {
      return false;
    }
    apply(kernel);
    return true;
  }
}
