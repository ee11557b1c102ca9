package org.mesohub.format;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.mesohub.observation.ObservationBatch;
import org.mesohub.observation.VariableDictionary;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Rows per second of the readers and writers, over one invented hour of about 20,000 rows. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@OperationsPerInvocation(FormatBenchmark.ROWS)
@Fork(1)
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 4, time = 2)
public class FormatBenchmark {
  /** Rows of the files, cut to this number. */
  static final int ROWS = 20_000;

  private static final int PIECE_BYTES = 64 * 1024;

  private byte[] mesowest = new byte[0];
  private byte[] csv = new byte[0];
  private final List<ObservationBatch> batches = new ArrayList<>();
  private final ByteBuilder out = new ByteBuilder(1 << 22);

  /** Keeps the last batch reachable and nothing more. */
  private static final class Drop implements RowSink {
    long rows;

    @Override
    public void batch(ObservationBatch batch) {
      rows += batch.rows();
    }

    @Override
    public void reject(Reject reject) {
      throw new IllegalStateException(reject.reason());
    }
  }

  @Setup
  public void setUp() {
    byte[] hour = new MesoWestGenerator(MesoWestGenerator.Plan.DEFAULT).nextHour().bytes();
    var head = new ByteBuilder(1024);
    new MesoWestWriter().head(head);
    mesowest = Arrays.copyOf(hour, head.size() + ROWS * 150);
    FormatReader reader =
        FormatReaders.detect(
            new RowSink() {
              @Override
              public void batch(ObservationBatch batch) {
                batches.add(batch);
              }

              @Override
              public void reject(Reject reject) {
                throw new IllegalStateException(reject.reason());
              }
            });
    reader.feed(mesowest, 0, mesowest.length);
    reader.finish();
    var text = new ByteBuilder(1 << 22);
    write(new ContractCsvWriter(), text);
    csv = text.toBytes();
  }

  @Benchmark
  public long readMesoWest() {
    return read(mesowest);
  }

  @Benchmark
  public long readContractCsv() {
    return read(csv);
  }

  @Benchmark
  public int writeCsv() {
    return write(new CsvWriter(VariableDictionary.mesowest()), out);
  }

  @Benchmark
  public int writeMesoWest() {
    return write(new MesoWestWriter(), out);
  }

  @Benchmark
  public int writeNdjson() {
    return write(new NdjsonWriter(VariableDictionary.mesowest()), out);
  }

  @Benchmark
  public int writeContractCsv() {
    return write(new ContractCsvWriter(), out);
  }

  @Benchmark
  public int writeContractJson() {
    return write(new ContractJsonWriter(), out);
  }

  private long read(byte[] file) {
    var sink = new Drop();
    FormatReader reader = FormatReaders.detect(sink);
    for (int at = 0; at < file.length; at += PIECE_BYTES) {
      reader.feed(file, at, Math.min(PIECE_BYTES, file.length - at));
    }
    reader.finish();
    return sink.rows;
  }

  private int write(BatchWriter writer, ByteBuilder to) {
    to.clear();
    writer.head(to);
    batches.forEach(batch -> writer.rows(batch, to));
    writer.tail(to);
    return to.size();
  }
}
