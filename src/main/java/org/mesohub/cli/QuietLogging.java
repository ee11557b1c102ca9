package org.mesohub.cli;

import io.netty.util.internal.logging.InternalLoggerFactory;
import io.netty.util.internal.logging.JdkLoggerFactory;
import java.util.logging.LogManager;

/**
 * Keeps the libraries silent in client commands, and the logging back end from being started at
 * all.
 */
final class QuietLogging {
  private QuietLogging() {}

  static void install() {
    System.setProperty(
        "vertx.logger-delegate-factory-class-name", "io.vertx.core.logging.JULLogDelegateFactory");
    // One node, one name: the resolver of the JDK does, and Netty's takes a while to load.
    System.setProperty("vertx.disableDnsResolver", "true");
    LogManager.getLogManager().reset();
    InternalLoggerFactory.setDefaultFactory(JdkLoggerFactory.INSTANCE);
  }
}
