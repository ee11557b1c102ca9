package org.mesohub.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.mesohub.observation.Day;

class BadInputTest {
  private static final byte[] FILE =
      new MesoWestGenerator(new MesoWestGenerator.Plan(7, 300, 20, new Day(17_606), 0))
          .nextHour()
          .bytes();

  static byte[] gzip(byte[] bytes) {
    var out = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  private static void refused(byte[] bytes, String... parts) {
    assertThatThrownBy(() -> Collected.of(bytes))
        .isInstanceOf(FormatException.class)
        .satisfies(e -> assertThat(e.getMessage()).contains(parts));
  }

  private static void refused(String text, String... parts) {
    refused(text.getBytes(StandardCharsets.UTF_8), parts);
  }

  @Test
  void empty_and_blank_input_says_so() {
    refused("", "input is empty", "accepted are");
    refused("\n \r\n", "only blank lines", "accepted are");
    refused(gzip(new byte[0]), "input is empty");
  }

  @Test
  void other_formats_are_named() {
    refused("CDF\u0001..........", "netCDF classic", "accepted are");
    refused(gzip("CDF\u0001..........".getBytes(StandardCharsets.US_ASCII)), "netCDF classic");
    refused(gzip(gzip(FILE)), "gzip inside gzip");
    refused("PARM = x\n".getBytes(StandardCharsets.UTF_16), "UTF-16");
    refused("PARM = x\n".getBytes(StandardCharsets.UTF_16LE), "UTF-16");
    refused("\u0000\u0001\u0002 binary", "binary data", "zero byte");
    refused("<html><body>404</body></html>\n", "HTML");
    refused("{\"STATION\":[]}", "JSON");
    refused("station\tvalid\ttmpf\nDSM\t2018-03-16 22:00\t35\n", "IEM");
    refused("some text\nmore\n", "first line is 'some text'");
    refused("x".repeat(200_000), "first line is 'xxx");
  }

  @Test
  void unknown_columns_in_a_heading_are_named() {
    refused(" PARM = MNET;SLAT;FOOB\n", "FOOB");
    refused("network,station,time,FOOB\n", "FOOB");
    refused("STN,TIMESTAMP,MNET,SLON,SLAT\n", "contract's");
  }

  @Test
  void truncated_gzip_names_the_byte_where_it_ends() {
    byte[] whole = gzip(FILE);
    for (int length :
        new int[] {3, 9, 10, 11, whole.length / 2, whole.length - 9, whole.length - 1}) {
      refused(Arrays.copyOf(whole, length), "end too early at byte " + length, "truncated");
    }
  }

  @Test
  void gzip_may_unpack_to_the_limit_and_no_further_whatever_its_members() {
    byte[] once = gzip(FILE);
    byte[] twice = new byte[2 * once.length];
    System.arraycopy(once, 0, twice, 0, once.length);
    System.arraycopy(once, 0, twice, once.length, once.length);
    var exactly = new ReaderOptions(1_000, "default", FILE.length);
    assertThat(Collected.of(exactly, reader -> reader.feed(once, 0, once.length)).batches)
        .isNotEmpty();
    String rows = new String(FILE, StandardCharsets.US_ASCII).repeat(50);
    for (byte[] bomb : List.of(twice, gzip(rows.getBytes(StandardCharsets.US_ASCII)))) {
      assertThatThrownBy(() -> Collected.of(exactly, reader -> reader.feed(bomb, 0, bomb.length)))
          .isInstanceOf(FormatException.class)
          .hasMessageContaining("unpack to more than " + FILE.length + " bytes")
          .hasMessageContaining("limits.putBytesMax");
    }
  }

  @Test
  void damaged_gzip_is_an_error_and_never_passes_unseen() {
    byte[] whole = gzip(FILE);
    int unseen = 0;
    for (long seed = 1; seed <= 200; seed++) {
      var random = new Random(seed);
      byte[] damaged = whole.clone();
      int at = 10 + random.nextInt(whole.length - 10);
      damaged[at] ^= (byte) (1 << random.nextInt(8));
      try {
        Collected.of(damaged);
        unseen++;
      } catch (FormatException e) {
        assertThat(e.getMessage()).as("seed %d", seed).isNotBlank();
      }
    }
    assertThat(unseen).isZero();
  }

  @Test
  void members_and_padding_are_read_in_any_pieces() throws IOException {
    var out = new ByteArrayOutputStream();
    int cut = FILE.length / 3;
    out.write(gzip(Arrays.copyOf(FILE, cut)));
    out.write(gzip(new byte[0]));
    out.write(gzip(Arrays.copyOfRange(FILE, cut, FILE.length)));
    out.write(new byte[700]);
    byte[] members = out.toByteArray();

    Collected all =
        Collected.of(
            ReaderOptions.DEFAULTS,
            reader -> {
              for (int i = 0; i < members.length; i++) {
                reader.feed(members, i, 1);
              }
            });

    assertThat(all.rows()).isEqualTo(Collected.of(FILE).rows());
    refused(
        Arrays.copyOf(
            concat(gzip(FILE), "junk".getBytes(StandardCharsets.US_ASCII)), gzip(FILE).length + 4),
        "corrupt");
  }

  @Test
  void gzip_headers_may_hold_names_comments_and_extra_fields() {
    byte[] plain = gzip(FILE);
    byte[] extras = {4, 0, 'a', 'b', 'c', 'd', 'n', 'a', 0, 'c', 0, 1, 2};
    byte[] head = Arrays.copyOf(plain, 10);
    head[3] = 2 | 4 | 8 | 16;
    byte[] file = concat(concat(head, extras), Arrays.copyOfRange(plain, 10, plain.length));

    assertThat(Collected.of(file).rowCount()).isEqualTo(Collected.of(FILE).rowCount());
  }

  @Test
  void mutated_input_gives_rows_rejects_or_a_format_exception() {
    byte[][] seeds = {FILE, gzip(FILE), csv(), catalog()};
    for (long seed = 1; seed <= 1500; seed++) {
      var random = new Random(seed);
      byte[] base = seeds[random.nextInt(seeds.length)];
      byte[] input = Arrays.copyOf(base, Math.min(base.length, 200 + random.nextInt(4000)));
      for (int i = random.nextInt(20); i >= 0; i--) {
        int at = random.nextInt(input.length);
        switch (random.nextInt(4)) {
          case 0 -> input[at] = (byte) random.nextInt(256);
          case 1 -> input[at] = (byte) "\n, -.\"E9\r;/".charAt(random.nextInt(11));
          case 2 ->
              System.arraycopy(
                  input,
                  at,
                  input,
                  input.length / 2,
                  Math.min(input.length - at, input.length / 4));
          default -> input = Arrays.copyOf(input, at + 1);
        }
      }
      byte[] mutated = input;
      int lines =
          1
              + (int)
                  new String(mutated, StandardCharsets.ISO_8859_1)
                      .chars()
                      .filter(c -> c == '\n')
                      .count();
      try {
        Collected all = Collected.of(mutated);
        if (base != seeds[1]) {
          assertThat(all.rowCount() + all.rejects.size() + all.stations.size())
              .as("seed %d", seed)
              .isLessThanOrEqualTo(lines);
        }
      } catch (FormatException e) {
        assertThat(e.getMessage()).as("seed %d", seed).isNotBlank();
      } catch (RuntimeException e) {
        throw new AssertionError("seed " + seed, e);
      }
      if (base != seeds[1]) {
        int largest = 1 + random.nextInt(300);
        assertThat(outcome(mutated, mutated.length, random))
            .as("seed %d", seed)
            .isEqualTo(outcome(mutated, largest, random));
      }
      var sink = new Collected();
      var text = new ContractText(ReaderOptions.DEFAULTS, sink);
      text.message(mutated, 0, mutated.length);
      text.finish();
      assertThat(sink.rowCount() + sink.rejects.size())
          .as("seed %d", seed)
          .isLessThanOrEqualTo(lines);
    }
  }

  /** Rows and rejects, or the exception, of input fed in pieces. */
  private static String outcome(byte[] input, int largest, Random random) {
    try {
      Collected all =
          Collected.of(
              ReaderOptions.DEFAULTS,
              reader -> {
                for (int at = 0; at < input.length; ) {
                  int len = Math.min(input.length - at, 1 + random.nextInt(largest));
                  reader.feed(input, at, len);
                  at += len;
                }
              });
      return all.rows()
          + "\n"
          + all.rejects.stream().map(r -> r.line() + r.reason() + r.string()).toList();
    } catch (FormatException e) {
      return e.getMessage();
    }
  }

  private static byte[] csv() {
    var out = new ByteBuilder(1024);
    Collected all = Collected.of(FILE);
    var writer = new ContractCsvWriter();
    writer.rows(all.batches.get(0), out);
    return out.toBytes();
  }

  private static byte[] catalog() {
    var text =
        new StringBuilder("# id,name,mesonet,lat,lon,elevation,agl,cit,state,country,active\n");
    for (int i = 0; i < 200; i++) {
      text.append(
          "S"
              + i
              + ",Name "
              + i
              + ", IL,RAWS,40.0"
              + i
              + ",-88.22,264.4,-9999.0,null,null,null,true\n");
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] concat(byte[] a, byte[] b) {
    byte[] both = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, both, a.length, b.length);
    return both;
  }
}
