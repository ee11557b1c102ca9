package org.mesohub;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The package map of docs/ARCHITECTURE.md, as a test. */
class ArchitectureTest {
  private static final String ROOT = "org.mesohub.";
  private static final String GENERATED = "proto";

  private record Layer(String name, Set<String> uses) {}

  /** From the bottom up: a package uses those named, all of which come before it. */
  private static final List<Layer> LAYERS =
      List.of(
          layer("observation"),
          layer("format", "observation"),
          layer("segment", "observation"),
          layer("placement", "segment"),
          layer("catalog", "observation", "segment", "placement", GENERATED),
          layer("query", "observation", "segment", "catalog"),
          layer("routing"),
          layer("tls"),
          layer("bus", "placement", "tls"),
          layer("store", "segment"),
          layer(
              "replication",
              "segment",
              "catalog",
              "placement",
              "routing",
              "tls",
              "store",
              GENERATED),
          layer("cluster", "catalog", "placement", GENERATED),
          layer(
              "api", "observation", "segment", "catalog", "query", "routing", "placement", "store"),
          layer("config", "api", "placement", "tls"),
          layer(
              "retrieval", "observation", "segment", "catalog", "query", "store", "cluster", "api"),
          layer(
              "ingest",
              "observation",
              "format",
              "segment",
              "catalog",
              "query",
              "store",
              "cluster",
              "api",
              "retrieval",
              GENERATED),
          layer(
              "upkeep",
              "observation",
              "segment",
              "catalog",
              "query",
              "store",
              "cluster",
              "api",
              "retrieval",
              "ingest",
              GENERATED),
          layer("http"),
          // The one public port belongs to grpc, which hands what is no gRPC to http.
          layer(
              "grpc",
              "observation",
              "format",
              "segment",
              "catalog",
              "query",
              "routing",
              "placement",
              "tls",
              "store",
              "api",
              "http",
              GENERATED),
          layer(
              "forward",
              "observation",
              "format",
              "segment",
              "catalog",
              "query",
              "routing",
              "store",
              "api",
              "tls",
              "grpc",
              GENERATED),
          layer(
              "node",
              "observation",
              "format",
              "segment",
              "catalog",
              "query",
              "placement",
              "tls",
              "bus",
              "store",
              "replication",
              "cluster",
              "api",
              "config",
              "retrieval",
              "ingest",
              "upkeep",
              "http",
              "grpc",
              "forward",
              GENERATED),
          layer(
              "cli",
              "observation",
              "format",
              "segment",
              "query",
              "placement",
              "tls",
              "api",
              "config",
              "grpc",
              "node",
              GENERATED));

  private static final String[] PURE = {
    "org.mesohub.observation..",
    "org.mesohub.format..",
    "org.mesohub.segment..",
    "org.mesohub.catalog..",
    "org.mesohub.placement..",
    "org.mesohub.routing..",
    "org.mesohub.query.."
  };

  /** What others than node may see of the two adapters below them: ports and their failures. */
  private static final Map<String, Set<String>> PORTS =
      Map.of(
          "store", Set.of("ChunkStore", "RejectStore", "StoreException"),
          "cluster", Set.of("CatalogueLog", "ReplicatedLog", "LogException"));

  private static JavaClasses classes;

  @BeforeAll
  static void read() {
    classes =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("org.mesohub");
    assertThat(classes).as("classes read").hasSizeGreaterThan(100);
  }

  private static Layer layer(String name, String... uses) {
    return new Layer(name, Set.of(uses));
  }

  @Test
  void purePackagesKnowNoFrameworkNoClockAndNoChance() {
    noClasses()
        .that()
        .resideInAnyPackage(PURE)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.vertx..",
            "io.netty..",
            "com.mongodb..",
            "org.bson..",
            "de.bwaldvogel..",
            "org.h2..",
            "io.grpc..",
            "org.apache.ratis..",
            "com.hazelcast..",
            "io.micrometer..")
        .orShould()
        .dependOnClassesThat()
        .haveNameMatching(
            "java\\.time\\.(Clock|InstantSource)|java\\.util\\.Random|java\\.util\\.UUID"
                + "|java\\.security\\.SecureRandom|java\\.util\\.concurrent\\.ThreadLocalRandom"
                + "|java\\.util\\.SplittableRandom")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .callMethod(java.time.Instant.class, "now")
        .orShould()
        .callMethod(Math.class, "random")
        .check(classes);
  }

  @Test
  void onlyTheCatalogueAmongThePureKnowsGeneratedMessages() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "org.mesohub.observation..",
            "org.mesohub.format..",
            "org.mesohub.segment..",
            "org.mesohub.query..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("com.google.protobuf..", "org.mesohub.proto..")
        .check(classes);
  }

  @Test
  void layersUseOnlyWhatIsBelowThem() {
    Set<String> below = new TreeSet<>(Set.of(GENERATED));
    for (Layer layer : LAYERS) {
      assertThat(below).as("what %s may use is below it", layer.name).containsAll(layer.uses);
      below.add(layer.name);
    }
    Map<String, Set<String>> allowed =
        LAYERS.stream().collect(Collectors.toMap(Layer::name, Layer::uses));
    List<String> wrong = new ArrayList<>();
    for (JavaClass from : classes) {
      String own = packageOf(from);
      if (own.isEmpty() || own.equals(GENERATED)) {
        continue;
      }
      assertThat(allowed).as("package of %s is in the map", from.getName()).containsKey(own);
      for (Dependency dependency : from.getDirectDependenciesFromSelf()) {
        String target = packageOf(dependency.getTargetClass().getBaseComponentType());
        if (!target.isEmpty() && !target.equals(own) && !allowed.get(own).contains(target)) {
          wrong.add(dependency.getDescription());
        }
      }
    }
    assertThat(wrong).isEmpty();
  }

  @Test
  void storeAndLogAreUsedThroughTheirPortsOutsideOfNode() {
    List<String> wrong = new ArrayList<>();
    for (JavaClass from : classes) {
      String own = packageOf(from);
      for (Dependency dependency : from.getDirectDependenciesFromSelf()) {
        JavaClass target = dependency.getTargetClass().getBaseComponentType();
        Set<String> ports = PORTS.get(packageOf(target));
        if (ports != null
            && !own.equals("node")
            && !own.equals(packageOf(target))
            && !ports.contains(outermost(target))) {
          wrong.add(dependency.getDescription());
        }
      }
    }
    assertThat(wrong).isEmpty();
  }

  @Test
  void onlyTheBusKnowsHazelcast() {
    noClasses()
        .that()
        .resideOutsideOfPackage("org.mesohub.bus..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("com.hazelcast..", "io.vertx.spi.cluster.hazelcast..")
        .check(classes);
  }

  /** First package below the root; empty for classes of others and for the root itself. */
  private static String packageOf(JavaClass type) {
    String name = type.getPackageName() + ".";
    if (!name.startsWith(ROOT)) {
      return "";
    }
    String rest = name.substring(ROOT.length());
    return rest.isEmpty() ? "" : rest.substring(0, rest.indexOf('.'));
  }

  private static String outermost(JavaClass type) {
    String name = type.getName().substring(type.getPackageName().length() + 1);
    int nested = name.indexOf('$');
    return nested < 0 ? name : name.substring(0, nested);
  }
}
