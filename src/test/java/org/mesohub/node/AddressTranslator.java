package org.mesohub.node;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Stands between two ports like a router that translates addresses, and can forget what it knew of
 * connections: what is sent on these goes nowhere, without a word to either side.
 */
final class AddressTranslator implements AutoCloseable {
  private final ServerSocket server;
  private final int to;
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private volatile int epoch;
  private volatile boolean open = true;

  AddressTranslator(int to) throws IOException {
    this.to = to;
    this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    start(this::accept);
  }

  int port() {
    return server.getLocalPort();
  }

  /** Connections lead nowhere from now on, new ones neither, until {@link #remember}. */
  synchronized void forget() {
    open = false;
    epoch++;
  }

  /** New connections lead somewhere again. */
  void remember() {
    open = true;
  }

  private static void start(Runnable work) {
    var thread = new Thread(work, "address-translator");
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket inner = server.accept();
        sockets.add(inner);
        Socket outer = connect(inner);
        sockets.add(outer);
        int made = epoch;
        start(() -> carry(inner, outer, made));
        start(() -> carry(outer, inner, made));
      } catch (IOException e) {
        // closed, or the other side is not there: the next one may find it
      }
    }
  }

  private Socket connect(Socket inner) throws IOException {
    try {
      return new Socket(InetAddress.getLoopbackAddress(), to);
    } catch (IOException e) {
      inner.close();
      throw e;
    }
  }

  private void carry(Socket from, Socket into, int made) {
    try {
      InputStream in = from.getInputStream();
      OutputStream out = into.getOutputStream();
      var bytes = new byte[8_192];
      for (int count = in.read(bytes); count >= 0; count = in.read(bytes)) {
        if (made == epoch && open) {
          out.write(bytes, 0, count);
          out.flush();
        }
      }
    } catch (IOException e) {
      // one side has gone
    }
    close(from);
    if (made == epoch) {
      close(into);
    }
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // it is gone already
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }
}
