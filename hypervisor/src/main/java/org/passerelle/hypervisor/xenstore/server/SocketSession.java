package org.passerelle.hypervisor.xenstore.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import org.passerelle.hypervisor.domain.DomainId;
import org.passerelle.hypervisor.xenstore.wire.XsHeader;
import org.passerelle.hypervisor.xenstore.wire.XsLimits;
import org.passerelle.hypervisor.xenstore.wire.XsMessage;
import org.passerelle.hypervisor.xenstore.wire.XsStrings;

/**
 * One socket client. What it sent and is not answered yet is at most one read and one message;
 * while it does not take its answers, nothing more is read, and its events are held back.
 */
final class SocketSession extends ChannelInboundHandlerAdapter {
  private static final System.Logger LOG = System.getLogger(SocketSession.class.getName());

  private final DomainTable domains;
  private final RequestHandler handler;
  private final int domain;
  private final HeldEvents held = new HeldEvents();
  private final ByteBuf received = Unpooled.buffer();
  private ChannelHandlerContext channel;
  private Session session;

  /** A client with dom0's rights. */
  SocketSession(DomainTable domains, RequestHandler handler) {
    this(domains, handler, DomainId.DOM0.value());
  }

  /**
   * @param domain whose rights the client has
   */
  SocketSession(DomainTable domains, RequestHandler handler, int domain) {
    this.domains = domains;
    this.handler = handler;
    this.domain = domain;
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    channel = context;
    session = domains.open(domain, this::tell, context::close);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    session.close();
    received.release();
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf octets = (ByteBuf) message;
    received.writeBytes(octets);
    octets.release();
    answerAll();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    if (context.channel().isWritable() && session.isOpen()) {
      held.drain(this::sendWhileWritable);
      answerAll();
    }
  }

  private boolean sendWhileWritable(byte[] event) {
    channel.write(Unpooled.wrappedBuffer(XsMessage.event(event).encode()));
    return channel.channel().isWritable();
  }

  /** Answers whole messages for as long as the client takes the answers. */
  private void answerAll() {
    boolean more = true;
    while (more && session.isOpen() && channel.channel().isWritable()) {
      more = answerOne();
    }
    if (session.isOpen()) {
      received.discardReadBytes();
      channel.flush();
      channel.channel().config().setAutoRead(channel.channel().isWritable());
    }
  }

  private boolean answerOne() {
    if (received.readableBytes() < XsHeader.LENGTH) {
      return false;
    }
    byte[] start = new byte[XsHeader.LENGTH];
    received.getBytes(received.readerIndex(), start);
    XsHeader header = XsHeader.parse(start, 0);
    if (!header.lengthIsLegal()) {
      cutOff("sent a payload of " + Integer.toUnsignedString(header.length()) + " octets");
      return false;
    }
    if (received.readableBytes() < XsHeader.LENGTH + header.length()) {
      return false;
    }
    received.skipBytes(XsHeader.LENGTH);
    byte[] payload = new byte[header.length()];
    received.readBytes(payload);
    handler.handle(session, XsMessage.parse(header, payload, 0), this::send);
    return true;
  }

  private void send(XsMessage message) {
    channel.write(Unpooled.wrappedBuffer(message.encode()));
  }

  private void tell(String path, String token) {
    byte[] payload = XsStrings.join(path, token);
    if (payload.length > XsLimits.PAYLOAD_MAX) {
      return; // C xenstored sends no event that is too long either.
    }
    if (channel.channel().isWritable() && held.isEmpty()) {
      channel.writeAndFlush(Unpooled.wrappedBuffer(XsMessage.event(payload).encode()));
    } else if (!held.add(payload)) {
      cutOff("left " + HeldEvents.MOST_OCTETS + " octets of events unread");
    }
  }

  private void cutOff(String why) {
    LOG.log(System.Logger.Level.WARNING, "a XenStore client {0}: its connection is closed", why);
    session.close();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (!(cause instanceof IOException)) {
      LOG.log(System.Logger.Level.ERROR, "a XenStore connection failed and is closed", cause);
    }
    context.close();
  }
}
