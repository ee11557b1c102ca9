"""Joins two network interfaces like a bad cable: slowlink.py IF1 IF2 DELAY_MS JITTER_MS LOSS_PERCENT

Frames that arrive at one leave at the other after the delay, give or take the jitter, in their order; some are lost. Ends by a signal.
"""

import collections
import random
import select
import socket
import sys
import time

FRAME_BYTES_MAX = 65_536
QUEUE_FRAMES_MAX = 20_000
ALL_PROTOCOLS = 3


class Direction:
    """Frames on their way from one interface to the other, each with the time at which it leaves."""

    def __init__(self, source, target, delay, jitter, loss):
        self.source, self.target = source, target
        self.delay, self.jitter, self.loss = delay, jitter, loss
        self.frames = collections.deque()

    def receive(self):
        try:
            frame, origin = self.source.recvfrom(FRAME_BYTES_MAX)
        except BlockingIOError:
            return False
        outgoing = origin[2] == socket.PACKET_OUTGOING
        if not outgoing and random.random() >= self.loss and len(self.frames) < QUEUE_FRAMES_MAX:
            leaves = time.monotonic() + self.delay + random.uniform(-self.jitter, self.jitter)
            if self.frames:
                leaves = max(leaves, self.frames[-1][0])
            self.frames.append((leaves, frame))
        return True

    def send_due(self):
        now = time.monotonic()
        while self.frames and self.frames[0][0] <= now:
            try:
                self.target.send(self.frames.popleft()[1])
            except OSError:
                pass  # A frame that does not go out is a lost one.


def opened(interface):
    packets = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ALL_PROTOCOLS))
    packets.bind((interface, 0))
    packets.setblocking(False)
    return packets


def main(first, second, delay_ms, jitter_ms, loss_percent):
    one, other = opened(first), opened(second)
    nature = float(delay_ms) / 1e3, float(jitter_ms) / 1e3, float(loss_percent) / 100
    directions = {one: Direction(one, other, *nature), other: Direction(other, one, *nature)}
    print("ready", flush=True)
    while True:
        due = [d.frames[0][0] for d in directions.values() if d.frames]
        wait = max(0.0, min(due) - time.monotonic()) if due else 1.0
        for ready in select.select(list(directions), [], [], wait)[0]:
            while directions[ready].receive():
                pass
        for direction in directions.values():
            direction.send_due()


if __name__ == "__main__":
    if len(sys.argv) != 6:
        sys.exit(__doc__)
    main(*sys.argv[1:])
