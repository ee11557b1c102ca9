package org.mesohub.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertCommandTest {
  @TempDir Path folder;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @Test
  void makesAnAuthorityAndNodesAndTellsUntilWhenTheyHold() throws Exception {
    assertThat(run("cert", "authority", "-o", folder + "/ca")).isZero();
    assertThat(
            run(
                "cert",
                "node",
                "n1",
                "--host",
                "n1.example",
                "--host",
                "10.0.0.1",
                "-o",
                folder + "/n1",
                "--authority",
                folder + "/ca"))
        .as(text(err))
        .isZero();
    assertThat(text(out))
        .contains("authority.pem")
        .contains("n1-key.pem")
        .contains("valid until 2");
    for (String key : new String[] {"ca/authority-key.pem", "n1/n1-key.pem"}) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(key))))
          .isEqualTo("rw-------");
    }
    assertThat(folder.resolve("n1/n1.pem")).content().startsWith("-----BEGIN CERTIFICATE-----");
  }

  @Test
  void overwritesNothing() throws Exception {
    String made = folder.toString();
    assertThat(run("cert", "authority", "-o", made)).isZero();
    assertThat(run("cert", "node", "n1", "--host", "a", "-o", made)).isZero();
    String before = Files.readString(folder.resolve("authority-key.pem"));
    assertThat(run("cert", "authority", "-o", made)).isEqualTo(ExitCode.USAGE);
    assertThat(run("cert", "node", "n1", "--host", "a", "-o", made)).isEqualTo(ExitCode.USAGE);
    assertThat(text(err)).contains("not overwritten");
    Files.delete(folder.resolve("n1-key.pem"));
    assertThat(run("cert", "node", "n1", "--host", "a", "-o", made)).isEqualTo(ExitCode.USAGE);
    assertThat(folder.resolve("n1-key.pem")).doesNotExist();
    assertThat(folder.resolve("authority-key.pem")).hasContent(before);
  }

  @Test
  void refusesWrongIdsHostsAndFolders() {
    assertThat(run("cert", "node", "n1", "--host", "a", "-o", folder.toString()))
        .isEqualTo(ExitCode.USAGE);
    assertThat(text(err)).contains("cert authority");
    assertThat(run("cert", "authority", "-o", folder.toString())).isZero();
    for (String id : new String[] {"../n1", "authority", "a b", ".a"}) {
      assertThat(run("cert", "node", id, "--host", "a", "-o", folder.toString()))
          .as(id)
          .isEqualTo(ExitCode.USAGE);
    }
    assertThat(run("cert", "node", "n1", "--host", "a b", "-o", folder.toString()))
        .isEqualTo(ExitCode.USAGE);
    assertThat(run("cert", "node", "n1", "-o", folder.toString())).isEqualTo(ExitCode.USAGE);
    assertThat(run("cert", "node", "n1", "--host", "a", "--days", "0", "-o", folder.toString()))
        .isEqualTo(ExitCode.USAGE);
    assertThat(run("cert")).isEqualTo(ExitCode.USAGE);
    assertThat(folder.resolve("n1.pem")).doesNotExist();
  }

  private int run(String... args) {
    var console =
        new Console(
            InputStream.nullInputStream(),
            out,
            new PrintStream(err, true, StandardCharsets.UTF_8),
            false,
            false,
            false,
            Map.of());
    return Cli.run(args, console);
  }

  private static String text(ByteArrayOutputStream bytes) {
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
