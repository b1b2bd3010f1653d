package dev.heliograph;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import dev.heliograph.event.Channel;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Holds the table of packages in {@code dev.heliograph}'s package-info. */
class ArchitectureTest {
    private static final String ROOT = "dev.heliograph.";
    /** From row 0 upwards; a package may import those of lower rows, and what stands beside it in {@link #BESIDE}. */
    private static final List<Set<String>> ROWS = List.of(
            Set.of("problem", "turn"),
            Set.of("event", "json"),
            Set.of("log", "log.memory", "log.redis", "cache", "access", "http", "http.route"),
            Set.of("wire"),
            Set.of("hub", "publish", "publish.redis", "latest"),
            Set.of("session", "document", "document.http"),
            Set.of("transport.socket", "transport.ws", "transport.sse", "transport.poll", "transport.range"),
            Set.of("edge"),
            Set.of("node", "command"));
    /** Arrows within a row: an engine knows its contract. */
    private static final Set<String> BESIDE = Set.of(
            "log.memory -> log",
            "log.redis -> log",
            "cache -> log",
            "publish.redis -> publish",
            "document.http -> document",
            "transport.ws -> transport.socket",
            "http.route -> http",
            "http.route -> access");

    private static final JavaClasses CLASSES =
            new ClassFileImporter().withImportOption(new DoNotIncludeTests()).importPackages("dev.heliograph");

    @Test
    void everyPackageHasARow() {
        Set<String> present = CLASSES.stream()
                .map(ArchitectureTest::room)
                .filter(room -> !room.isEmpty())
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(ROWS.stream().flatMap(Set::stream)).containsAll(present);
    }

    @Test
    void importsPointDownward() {
        List<String> wrong = CLASSES.stream()
                .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
                .filter(arrow -> arrow.getTargetClass().getPackageName().startsWith(ROOT))
                .filter(arrow -> !isLegal(room(arrow.getOriginClass()), room(arrow.getTargetClass())))
                .map(arrow -> arrow.getOriginClass().getName() + " -> "
                        + arrow.getTargetClass().getName())
                .distinct()
                .toList();

        assertThat(wrong).isEmpty();
    }

    /** A channel that the catalogue has not seen may be one of no namespace. */
    @Test
    void catalogueIsTheOnlyWayFromNameToChannel() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.heliograph.event")
                .should()
                .callConstructor(Channel.class, String.class)
                .check(CLASSES);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("dev.heliograph.(**)").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void redisTypesStayInTheirRooms() {
        noClasses()
                .that(describe("are in other rooms", type -> !Set.of("log.redis", "publish.redis", "node")
                        .contains(room(type))))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.vertx.redis..", "io.vertx.mutiny.redis..", "io.quarkus.redis..")
                .check(CLASSES);
    }

    @Test
    void socketTypesStayInTheirRooms() {
        noClasses()
                .that(describe(
                        "are in other rooms",
                        type -> !isAddressed(type)
                                && !room(type).startsWith("transport.")
                                && !Set.of(
                                                "hub",
                                                "node",
                                                "edge",
                                                "log.redis",
                                                "publish.redis",
                                                "document.http",
                                                "http.route")
                                        .contains(room(type))))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.netty..", "io.vertx..")
                .check(CLASSES);
    }

    /** Takes the requests to an address. */
    private static boolean isAddressed(JavaClass type) {
        return type.getSimpleName().endsWith("Endpoint") || type.getSimpleName().endsWith("Resource");
    }

    private static boolean isLegal(String from, String to) {
        return from.equals(to) || row(to) < row(from) || BESIDE.contains(from + " -> " + to);
    }

    private static int row(String room) {
        for (int row = 0; row < ROWS.size(); row++) {
            if (ROWS.get(row).contains(room)) {
                return row;
            }
        }
        throw new AssertionError("no row for package " + room);
    }

    private static String room(JavaClass type) {
        String name = type.getPackageName();
        return name.startsWith(ROOT) ? name.substring(ROOT.length()) : "";
    }
}
