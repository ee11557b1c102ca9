package org.mesohub.placement;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The members as this node knows them now: those of its configuration until the cluster's {@link
 * Roster} is known. Thread-safe.
 */
public final class Membership {
  private static final Logger LOG = LoggerFactory.getLogger(Membership.class);

  private final Member self;
  private final List<Consumer<Members>> listeners = new ArrayList<>();
  private volatile Members now;
  private volatile long epoch;

  /**
   * @param configured what the configuration of this node says
   */
  public Membership(Members configured) {
    this.self = configured.self();
    this.now = configured;
  }

  /** Who the members are now. */
  public Members now() {
    return now;
  }

  /** Epoch of the roster that they are from; 0: the configuration. */
  public long epoch() {
    return epoch;
  }

  /** What the cluster has agreed on; an older roster than the present one is left alone. */
  public synchronized void agreed(Roster roster) {
    if (roster.epoch() > epoch) {
      Member listed = roster.member(self.id()).orElse(null);
      if (listed != null && !listed.equals(self)) {
        LOG.warn(
            "the cluster knows this node as {}, its configuration says {}: change the"
                + " configuration, or run 'mesohub node add' with it",
            listed,
            self);
      }
      become(Members.of(self, roster));
      epoch = roster.epoch();
    }
  }

  /**
   * A roster that another node has: a later one than is known here counts at once, so that whoever
   * leads is not a stranger before this node has caught up.
   */
  public synchronized void heardOf(Roster roster) {
    agreed(roster);
  }

  /**
   * Members that another node is configured with, which count beside those that are configured here
   * while neither knows what is agreed on.
   */
  public synchronized void heardOf(List<Member> others) {
    if (epoch == 0) {
      List<Member> all = new ArrayList<>(now.all());
      others.forEach(member -> add(all, member));
      become(new Members(self.id(), all));
    }
  }

  /** Adds a member that can be told from those that are there. */
  private static void add(List<Member> all, Member member) {
    boolean clashes =
        all.stream().anyMatch(one -> !Collections.disjoint(one.names(), member.names()));
    if (!clashes && all.size() < Members.MAX) {
      all.add(member);
    }
  }

  /**
   * Calls a listener with the members now and whenever they change, on whichever thread does it.
   */
  public synchronized void onChange(Consumer<Members> listener) {
    listeners.add(listener);
    listener.accept(now);
  }

  private void become(Members next) {
    if (!next.equals(now)) {
      now = next;
      for (Consumer<Members> listener : listeners) {
        try {
          listener.accept(next);
        } catch (RuntimeException e) { // it must not keep the others, or the log, from going on
          LOG.error("a change of the members was not carried out as a whole", e);
        }
      }
    }
  }
}
