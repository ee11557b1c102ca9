package org.mesohub.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.mesohub.tls.Authority;
import org.mesohub.tls.Certified;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes the certificates with which the nodes of a cluster prove themselves to each other. */
@Command(
    name = "cert",
    description = "Make a certificate authority for a cluster and certificates for its nodes.",
    synopsisSubcommandLabel = "(authority | node)")
final class CertCommand implements Runnable {
  private static final String AUTHORITY = "authority";
  private static final Pattern NODE_ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
  private static final String OWNER_ONLY = "rw-------";
  private static final String EVERYBODY = "rw-r--r--";

  private final Console console;

  CertCommand(Console console) {
    this.console = console;
  }

  @Override
  public void run() {
    throw CliException.usage("say what to make: cert authority -o DIR, or cert node ID --host H");
  }

  @Command(
      name = AUTHORITY,
      mixinStandardHelpOptions = true,
      description =
          "Make an authority: authority.pem for every node, authority-key.pem to be kept safe.")
  int authority(
      @Option(
              names = {"-o", "--output"},
              paramLabel = "DIR",
              required = true,
              description = "Folder for the files, made when absent.")
          Path folder,
      @Option(
              names = "--name",
              paramLabel = "NAME",
              defaultValue = "mesohub",
              description = "Name of the cluster, for people. Default: ${DEFAULT-VALUE}")
          String name,
      @Option(
              names = "--days",
              paramLabel = "N",
              defaultValue = "3650",
              description = "Days until it expires. Default: ${DEFAULT-VALUE}")
          int days) {
    Authority made =
        Authority.create(name + " nodes", Instant.now(), validity(days), new SecureRandom());
    write(folder, AUTHORITY, made.certified());
    return ExitCode.OK;
  }

  @Command(
      name = "node",
      mixinStandardHelpOptions = true,
      description = "Make the certificate of a node: ID.pem and ID-key.pem.")
  int node(
      @Parameters(paramLabel = "ID", description = "Id of the node, as in cluster.members.")
          String id,
      @Option(
              names = "--host",
              paramLabel = "HOST",
              required = true,
              description = "Host name or address at which others reach it; may be repeated.")
          List<String> hosts,
      @Option(
              names = {"-o", "--output"},
              paramLabel = "DIR",
              required = true,
              description = "Folder for the files, made when absent.")
          Path folder,
      @Option(
              names = "--authority",
              paramLabel = "DIR",
              description = "Folder of the authority. Default: that of the files.")
          @Nullable Path authorityFolder,
      @Option(
              names = "--days",
              paramLabel = "N",
              defaultValue = "1095",
              description = "Days until it expires. Default: ${DEFAULT-VALUE}")
          int days) {
    if (!NODE_ID.matcher(id).matches() || id.equals(AUTHORITY)) {
      throw CliException.usage(
          "'" + id + "' is no id of a node: letters, digits, dots, dashes, underscores");
    }
    Authority authority = read(authorityFolder == null ? folder : authorityFolder);
    Certified node;
    try {
      node = authority.node(id, hosts, Instant.now(), validity(days));
    } catch (IllegalArgumentException e) {
      throw CliException.usage(String.valueOf(e.getMessage()));
    }
    if (node.certificate().getNotAfter().after(authority.certified().certificate().getNotAfter())) {
      console.message("the authority expires before this certificate");
    }
    write(folder, id, node);
    return ExitCode.OK;
  }

  private static Duration validity(int days) {
    if (days < 1 || days > 36_500) {
      throw CliException.usage("--days must be 1 to 36500, got " + days);
    }
    return Duration.ofDays(days);
  }

  private static Authority read(Path folder) {
    Path certificate = certificate(folder, AUTHORITY);
    try {
      return Authority.of(
          Files.readString(certificate),
          Files.readString(key(folder, AUTHORITY)),
          new SecureRandom());
    } catch (IOException e) {
      throw CliException.usage(
          "cannot read the authority in " + folder + " (" + e + "): make it with 'cert authority'");
    } catch (IllegalArgumentException e) {
      throw CliException.usage(certificate + ": " + e.getMessage());
    }
  }

  private void write(Path folder, String name, Certified made) {
    Path certificate = certificate(folder, name);
    Path key = key(folder, name);
    try {
      Files.createDirectories(folder);
      for (Path file : List.of(certificate, key)) {
        if (Files.exists(file)) {
          throw new FileAlreadyExistsException(file.toString());
        }
      }
      create(key, OWNER_ONLY, made.keyPem());
      create(certificate, EVERYBODY, made.certificatePem());
    } catch (FileAlreadyExistsException e) {
      throw CliException.usage(e.getFile() + " is there already and is not overwritten");
    } catch (IOException e) {
      throw CliException.usage("cannot write to " + folder + ": " + e);
    }
    console.line(
        certificate
            + " and "
            + key
            + ", valid until "
            + made.certificate().getNotAfter().toInstant());
  }

  private static Path certificate(Path folder, String name) {
    return folder.resolve(name + ".pem");
  }

  private static Path key(Path folder, String name) {
    return folder.resolve(name + "-key.pem");
  }

  private static void create(Path file, String mode, String text) throws IOException {
    try (WritableByteChannel out =
        Files.newByteChannel(
            file,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode)))) {
      ByteBuffer bytes = StandardCharsets.US_ASCII.encode(text);
      while (bytes.hasRemaining()) {
        out.write(bytes);
      }
    }
  }
}
