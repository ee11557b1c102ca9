package org.mesohub.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.concurrent.atomic.AtomicLong;
import org.h2.store.fs.FilePath;
import org.h2.store.fs.FilePathWrapper;

/** Files whose writes take long; counts those that are done. */
public final class SlowFilePath extends FilePathWrapper {
  private static final String SCHEME = "slow";
  private static final long WRITE_MS = 100;
  private static final AtomicLong WRITES = new AtomicLong();

  static String of(String file) {
    FilePath.register(new SlowFilePath());
    return SCHEME + ":" + file;
  }

  /** Writes of all such files that are done. */
  static long writes() {
    return WRITES.get();
  }

  @Override
  public FileChannel open(String mode) throws IOException {
    return new ForwardedFile(super.open(mode)) {
      @Override
      public int write(ByteBuffer from, long position) throws IOException {
        try {
          Thread.sleep(WRITE_MS);
        } catch (InterruptedException e) {
          throw new IOException(e);
        }
        int written = super.write(from, position);
        WRITES.incrementAndGet();
        return written;
      }
    };
  }

  @Override
  public String getScheme() {
    return SCHEME;
  }
}
