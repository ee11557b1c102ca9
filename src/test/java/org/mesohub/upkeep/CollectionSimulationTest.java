package org.mesohub.upkeep;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.mesohub.catalog.Catalogue;
import org.mesohub.catalog.CatalogueState;
import org.mesohub.catalog.Entries;
import org.mesohub.catalog.RunBodies;
import org.mesohub.catalog.RunRef;
import org.mesohub.ingest.Leases;
import org.mesohub.observation.Day;
import org.mesohub.proto.internal.v1.Applied;
import org.mesohub.proto.internal.v1.Collected;
import org.mesohub.proto.internal.v1.Condemn;
import org.mesohub.proto.internal.v1.Entry;
import org.mesohub.retrieval.Pins;
import org.mesohub.segment.ChunkId;

/**
 * The protocol between commits, compactions, readers and collection, in every order a seed gives:
 * one step of one of them at a time, in the order in which {@link Collection}, {@link
 * org.mesohub.ingest.RunUpload} and {@link Pins} take theirs. Few different chunks, so that what is
 * being removed is often wanted again. Three nodes take turns in leading, at any moment; each knows
 * only its own leases, and what it began in one reign it may go on with in its next.
 */
class CollectionSimulationTest {
  private static final int SEEDS = 240;
  private static final int STEPS = 2_400;
  private static final int CONTENTS = 5;

  private static final int NODES = 3;

  private final Set<ChunkId> store = new HashSet<>();
  private final Pins pins = new Pins();
  private final List<Leases> leasesOf = List.of(new Leases(), new Leases(), new Leases());
  private int leader;
  private long term = 1;
  private CatalogueState state = CatalogueState.empty("here");
  private long now;
  private int removed;
  private int revived;

  /** Does one step; several of them make a commit, a read, a collection. */
  private interface Actor {
    void step(Random random);
  }

  @Test
  void nothingThatIsReferredToIsEverRemoved() {
    int allRemoved = 0;
    int allRevived = 0;
    for (long seed = 0; seed < SEEDS; seed++) {
      var world = new CollectionSimulationTest();
      world.run(seed);
      allRemoved += world.removed;
      allRevived += world.revived;
    }
    assertThat(allRemoved).as("removals, else this shows nothing").isGreaterThan(SEEDS);
    assertThat(allRevived).as("waits for a removal, else this shows little").isGreaterThan(40);
  }

  private void run(long seed) {
    var random = new Random(seed);
    List<Actor> actors = new ArrayList<>(List.of(new Reader(), new Reader()));
    actors.add(this::elect);
    for (int node = 0; node < NODES; node++) {
      actors.addAll(List.of(new Writer(node), new Writer(node), new Writer(node)));
      actors.add(new Collector(node));
    }
    for (int step = 0; step < STEPS; step++) {
      actors.get(random.nextInt(actors.size())).step(random);
      assertThat(store).as("seed " + seed + ", step " + step).containsAll(referred(state));
    }
  }

  private void elect(Random random) {
    if (random.nextInt(20) == 0) {
      leader = random.nextInt(NODES);
      term++;
    }
  }

  private static Set<ChunkId> referred(CatalogueState at) {
    Set<ChunkId> ids = new HashSet<>();
    at.days().values().forEach(day -> day.runs().forEach(run -> ids.add(manifest(run))));
    return ids;
  }

  private static ChunkId manifest(RunRef run) {
    return ((RunRef.Body.Stored) run.body()).manifest();
  }

  private Applied propose(Entry entry) {
    Catalogue.Transition transition = Catalogue.apply(state, ++now, entry);
    state = transition.state();
    return transition.answer();
  }

  private ByteString bytes(ChunkId id) {
    return ByteString.copyFrom(id.hash());
  }

  /** A put or compaction: basis, lease, wait while condemned, store, propose, release. */
  private final class Writer implements Actor {
    private final int node;
    private final Leases leases;
    private int at;
    private CatalogueState basis = state;
    private ChunkId id = Entries.id("");
    private int day;

    Writer(int node) {
      this.node = node;
      this.leases = leasesOf.get(node);
    }

    @Override
    public void step(Random random) {
      switch (at) {
        case 0 -> {
          if (leader != node) {
            return;
          }
          basis = state;
          day = random.nextInt(3);
          id = Entries.id("content " + random.nextInt(CONTENTS));
          at++;
        }
        case 1 -> {
          leases.hold(id);
          at++;
        }
        case 2 -> {
          if (state.condemned().contains(id)) {
            revived++;
          } else {
            at++;
          }
        }
        case 3 -> {
          store.add(id);
          at++;
        }
        case 4 -> {
          if (leader == node && random.nextInt(8) != 0) { // else it is given up, and leaves garbage
            propose(entry());
          }
          at++;
        }
        default -> {
          leases.release(List.of(id));
          at = 0;
        }
      }
    }

    private Entry entry() {
      RunRef.Body body = new RunRef.Body.Stored(id);
      var entry = basis.days().get(new Day(day));
      return entry != null && entry.runs().size() > 1
          ? Entries.replace(basis, day, entry.runs().size(), RunBodies.toProto(body))
          : Entries.commit(basis, RunBodies.toProto(body), List.of(day));
    }
  }

  /** Pins a state, reads what it names bit by bit, lets go. */
  private final class Reader implements Actor {
    private Pins.Pinned pinned = pins.pin(() -> state);

    @Override
    public void step(Random random) {
      assertThat(store).as("chunks of a pinned state").containsAll(referred(pinned.state()));
      if (random.nextInt(6) == 0) {
        pinned.pin().close();
        pinned = pins.pin(() -> state);
      }
    }
  }

  /** Note garbage, watch it, wait for readers, condemn, remove, say so. */
  private final class Collector implements Actor {
    private final int node;
    private final Leases leases;
    private int at;
    private CatalogueState seen = state;
    private long notedAt;
    private long notedIn;

    Collector(int node) {
      this.node = node;
      this.leases = leasesOf.get(node);
    }

    @Override
    public void step(Random random) {
      if (leader != node) {
        return;
      }
      switch (at) {
        case 0 -> {
          notedIn = term;
          seen = state;
          at++;
        }
        case 1 -> {
          List<ChunkId> garbage = new ArrayList<>(store);
          garbage.removeAll(referred(seen));
          leases.watch(garbage);
          at++;
        }
        case 2 -> {
          seen = state;
          at++;
        }
        case 3 -> {
          leases.forget(referred(seen)::contains);
          notedAt = seen.runsEpoch();
          at++;
        }
        case 4 -> at += pins.anyBefore(notedAt) ? 0 : 1;
        case 5 -> {
          seen = state;
          at++;
        }
        case 6 -> {
          var command = Condemn.newBuilder().setRunsEpoch(seen.runsEpoch());
          leases.untouched().forEach(id -> command.addChunks(bytes(id)));
          Entry entry = Entry.newBuilder().setFormat(1).setCondemn(command).build();
          boolean done =
              term == notedIn && command.getChunksCount() > 0 && propose(entry).hasDone();
          at = done ? 7 : 0;
        }
        case 7 -> {
          removed += state.condemned().size();
          store.removeAll(state.condemned());
          at++;
        }
        default -> {
          var command = Collected.newBuilder();
          state.condemned().forEach(id -> command.addChunks(bytes(id)));
          propose(Entry.newBuilder().setFormat(1).setCollected(command).build());
          at = 0;
        }
      }
    }
  }
}
