package org.mesohub.bus;

import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryContext;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A network that misbehaves between the endpoints of one local bus: cuts links, and by a seed
 * loses, delays, repeats and reorders frames. Answers go through it like questions.
 */
public final class BusFaults {
  private final Vertx vertx;
  private final Random random;
  private final Set<String> cut = ConcurrentHashMap.newKeySet();
  private volatile double lost;
  private volatile double repeated;
  private volatile double delayed;
  private volatile int delayMillisMax = 1;

  public BusFaults(Vertx vertx, long seed) {
    this.vertx = vertx;
    this.random = new Random(seed);
    vertx.eventBus().addOutboundInterceptor(this::pass);
  }

  /** Nothing goes from one to the other; the way back stays open. */
  public void cut(String from, String to) {
    cut.add(from + ">" + to);
  }

  public void isolate(String node, Iterable<String> others) {
    for (String other : others) {
      cut(node, other);
      cut(other, node);
    }
  }

  public void heal() {
    cut.clear();
  }

  /** Shares of the frames that are lost, sent twice, and late by up to so many milliseconds. */
  public void misbehave(double loss, double repetition, double delay, int delayMillis) {
    lost = loss;
    repeated = repetition;
    delayed = delay;
    delayMillisMax = delayMillis;
  }

  private void pass(DeliveryContext<Object> context) {
    if (!(context.body() instanceof Frame frame)) {
      context.next();
      return;
    }
    String address = context.message().address();
    String to = address.startsWith("raft.") ? address.substring(address.lastIndexOf('.') + 1) : "";
    // An answer's address does not name the node; its way is cut where the question came from.
    if (to.isEmpty() ? cutsAnswersOf(frame.sender()) : cut.contains(frame.sender() + ">" + to)) {
      return;
    }
    boolean lose;
    boolean again;
    int delay;
    synchronized (random) {
      lose = random.nextDouble() < lost;
      again = random.nextDouble() < repeated;
      delay = random.nextDouble() < delayed ? 1 + random.nextInt(delayMillisMax) : 0;
    }
    if (lose) {
      return;
    }
    if (again && !to.isEmpty() && frame.kind() != Kind.PING) {
      vertx.setTimer(1 + delay, id -> vertx.eventBus().send(address, frame, codec()));
    }
    if (delay > 0) {
      vertx.setTimer(delay, id -> context.next());
    } else {
      context.next();
    }
  }

  /** A node that can reach nobody can answer nobody. */
  private boolean cutsAnswersOf(String node) {
    return cut.stream().filter(way -> way.startsWith(node + ">")).count() >= 2;
  }

  private static io.vertx.core.eventbus.DeliveryOptions codec() {
    return new io.vertx.core.eventbus.DeliveryOptions().setCodecName(FrameCodec.NAME);
  }
}
