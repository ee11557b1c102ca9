package org.mesohub.placement;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RoomTest {
  private static final long MIB = 1L << 20;
  private static final long GIB = 1L << 30;
  private static final long DISK = 100 * GIB;

  @Test
  void aNodeIsFullBeforeItsCapacityIsReachedAndSaysWhichLimitItMet() {
    Room room = Room.of(GIB);

    assertThat(room.after(970 * MIB, DISK, DISK).full()).isFalse();
    Room full = room.after(974 * MIB, DISK, DISK);
    assertThat(full.full()).isTrue();
    assertThat(full.shortage())
        .hasValueSatisfying(why -> assertThat(why).contains("974 MiB of the 1024 MiB"));
  }

  @Test
  void aFullNodeHasRoomAgainOnlyAfterSomethingWasFreed() {
    Room full = Room.of(GIB).after(974 * MIB, DISK, DISK);

    Room still = full.after(970 * MIB, DISK, DISK);
    assertThat(still.full()).isTrue();
    Room again = still.after(955 * MIB, DISK, DISK);
    assertThat(again.full()).isFalse();
    assertThat(again.shortage()).isEmpty();
    assertThat(again.after(970 * MIB, DISK, DISK).full()).isFalse();
  }

  @Test
  void aDiskThatIsNearlyFullCountsWhateverTheCapacity() {
    Room room = Room.of(Long.MAX_VALUE);

    assertThat(room.after(GIB, 513 * MIB, DISK).full()).isFalse();
    Room full = room.after(GIB, 511 * MIB, DISK);
    assertThat(full.shortage())
        .hasValueSatisfying(why -> assertThat(why).contains("disk has 511 MiB left"));
    assertThat(full.after(GIB, 600 * MIB, DISK).full()).isTrue();
    assertThat(full.after(GIB, 641 * MIB, DISK).full()).isFalse();
  }

  @Test
  void aSmallDiskKeepsASmallReserve() {
    Room room = Room.of(Long.MAX_VALUE);

    assertThat(room.after(0, 17 * MIB, 64 * MIB).full()).isFalse();
    assertThat(room.after(0, 15 * MIB, 64 * MIB).full()).isTrue();
  }
}
