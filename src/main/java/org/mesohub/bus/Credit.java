package org.mesohub.bus;

/**
 * What may be under way to one peer. The bus itself queues without bound; whoever finds no credit
 * fails at once instead. Threading: any.
 */
final class Credit {
  private final int messagesMax;
  private final long bytesMax;
  private int messages;
  private long bytes;

  Credit(int messagesMax, long bytesMax) {
    this.messagesMax = messagesMax;
    this.bytesMax = bytesMax;
  }

  synchronized boolean take(int size) {
    if (messages >= messagesMax || bytes + size > bytesMax) {
      return false;
    }
    messages++;
    bytes += size;
    return true;
  }

  synchronized void giveBack(int size) {
    messages--;
    bytes -= size;
    if (messages < 0 || bytes < 0) {
      throw new IllegalStateException("more credit given back than taken: " + this);
    }
  }

  synchronized int messages() {
    return messages;
  }

  @Override
  public synchronized String toString() {
    return "%d of %d messages, %d of %d bytes".formatted(messages, messagesMax, bytes, bytesMax);
  }
}
