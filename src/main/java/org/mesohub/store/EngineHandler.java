package org.mesohub.store;

import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.exception.MongoServerError;
import de.bwaldvogel.mongo.wire.message.ClientRequest;
import de.bwaldvogel.mongo.wire.message.MessageHeader;
import de.bwaldvogel.mongo.wire.message.MongoMessage;
import de.bwaldvogel.mongo.wire.message.MongoQuery;
import de.bwaldvogel.mongo.wire.message.MongoReply;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers the commands of one connection; an answer to a write leaves once the write is durable.
 */
final class EngineHandler extends SimpleChannelInboundHandler<ClientRequest> {
  /** Below this much free space inserts are refused: a failed write would close the store. */
  static final long FREE_SPACE_MIN = 64L << 20;

  /** MongoDB's error codes. */
  static final int INTERNAL_ERROR = 1;

  static final int OUT_OF_DISK_SPACE = 14031;

  private static final Logger LOG = LoggerFactory.getLogger(EngineHandler.class);
  private static final Set<String> WRITES =
      Set.of(
          "insert",
          "update",
          "delete",
          "findAndModify",
          "create",
          "createIndexes",
          "drop",
          "dropIndexes",
          "dropDatabase",
          "renameCollection");

  private final AtomicInteger replies = new AtomicInteger();
  private final EngineBackend backend;
  private final GroupCommit commits;
  private final LongSupplier freeSpace;
  private final Supplier<Optional<String>> problem;

  /**
   * @param freeSpace bytes free on the data disk
   * @param problem why the store no longer works, if so
   */
  EngineHandler(
      EngineBackend backend,
      GroupCommit commits,
      LongSupplier freeSpace,
      Supplier<Optional<String>> problem) {
    this.backend = backend;
    this.commits = commits;
    this.freeSpace = freeSpace;
    this.problem = problem;
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) throws Exception {
    backend.handleClose(context.channel());
    super.channelInactive(context);
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, ClientRequest request) {
    MessageHeader header =
        new MessageHeader(replies.incrementAndGet(), request.getHeader().getRequestID());
    if (request instanceof MongoQuery query) {
      // Drivers greet with a legacy query; everything after that is a message.
      Document reply = handshake(query);
      context.writeAndFlush(new MongoReply(header, List.of(reply), 0));
    } else if (request instanceof MongoMessage message) {
      handle(context, message, header);
    } else {
      context.close();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    // A call without an answer would wait for its deadline: a closed connection fails it at once.
    if (cause instanceof IOException) {
      LOG.debug("store_connection_lost", cause);
    } else {
      LOG.warn("store_connection_failed", cause);
    }
    context.close();
  }

  private void handle(ChannelHandlerContext context, MongoMessage message, MessageHeader header) {
    Document command = message.getDocument();
    String name = command.keySet().iterator().next();
    if (WRITES.contains(name)) {
      commits.beginWrite();
      Document reply = name.equals("insert") && isFull() ? full() : execute(message);
      commits.finishWrite(failure -> send(context, message, header, reply, failure));
      return;
    }
    Document reply = execute(message);
    if (command.get("projection") instanceof Document && commits.isDirty()) {
      // Who asks what is there acts on it: nothing is "there" that power loss would take.
      commits.whenDurable(failure -> send(context, message, header, reply, failure));
    } else {
      send(context, message, header, reply, null);
    }
  }

  private void send(
      ChannelHandlerContext context,
      MongoMessage message,
      MessageHeader header,
      Document reply,
      @Nullable Throwable failure) {
    Document answer = failure == null ? reply : error(failure);
    context.writeAndFlush(new MongoMessage(message.getChannel(), header, answer));
  }

  private Document handshake(MongoQuery query) {
    if (!query.getCollectionName().equals("$cmd")) {
      return error(new IllegalStateException("only commands are understood"));
    }
    Document document = query.getQuery();
    String command = document.keySet().iterator().next();
    return backend.handleCommand(query.getChannel(), query.getDatabaseName(), command, document);
  }

  private Document execute(MongoMessage message) {
    if (backend.isClosed()) {
      return error(new IllegalStateException("the embedded store is closed"));
    }
    try {
      return backend.handleMessage(message);
    } catch (MongoServerError e) {
      return new Document("ok", 0)
          .append("errmsg", e.getMessageWithoutErrorCode())
          .append("code", e.getCode());
    } catch (RuntimeException e) {
      LOG.warn("store_command_failed command={}", message.getDocument().keySet(), e);
      return error(e);
    }
  }

  private Document error(Throwable cause) {
    return new Document("ok", 0)
        .append("errmsg", problem.get().orElse("the embedded store failed: " + cause))
        .append("code", INTERNAL_ERROR);
  }

  private boolean isFull() {
    return freeSpace.getAsLong() < FREE_SPACE_MIN;
  }

  private static Document full() {
    return new Document("ok", 0)
        .append("errmsg", "less than " + (FREE_SPACE_MIN >> 20) + " MiB free on the data disk")
        .append("code", OUT_OF_DISK_SPACE);
  }
}
