package org.mesohub.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.h2.store.fs.FilePath;
import org.h2.store.fs.FilePathWrapper;

/**
 * Files that end in the middle of their n-th write, as by kill -9: nothing reaches them after it.
 */
public final class CutFilePath extends FilePathWrapper {
  private static final String SCHEME = "cut";

  /** Changes of files until the cut; below 0 after it. */
  private static long left;

  /** Name of a file that takes so many changes; for one file at a time. */
  static String of(String file, long changes) {
    FilePath.register(new CutFilePath());
    left = changes;
    return SCHEME + ":" + file;
  }

  static boolean isCut() {
    return left < 0;
  }

  @Override
  public FileChannel open(String mode) throws IOException {
    return new Cut(super.open(mode));
  }

  @Override
  public String getScheme() {
    return SCHEME;
  }

  private static final class Cut extends ForwardedFile {
    Cut(FileChannel file) {
      super(file);
    }

    @Override
    public int write(ByteBuffer from, long position) throws IOException {
      if (left-- == 0) {
        super.write(from.duplicate().limit(from.position() + from.remaining() / 2), position);
      }
      check();
      return super.write(from, position);
    }

    @Override
    public FileChannel truncate(long size) throws IOException {
      left--;
      check();
      return super.truncate(size);
    }

    private static void check() throws IOException {
      if (isCut()) {
        throw new IOException("cut");
      }
    }
  }
}
