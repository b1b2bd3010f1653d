package dev.heliograph.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A native image ignores a name in its metadata that does not exist, for example after a new version of Caffeine. */
class NativeMetadataTest {
    private static final Path RESOURCES = Path.of("src", "main", "resources");
    private static final Path METADATA =
            RESOURCES.resolve("META-INF/native-image/dev.heliograph/heliograph/reachability-metadata.json");

    static Stream<String> types() throws IOException {
        return each("reflection", "type");
    }

    static Stream<String> globs() throws IOException {
        return each("resources", "glob");
    }

    @ParameterizedTest
    @MethodSource("types")
    void namesExistingType(String type) {
        assertThatCode(() -> Class.forName(type, false, getClass().getClassLoader()))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @MethodSource("globs")
    void globFindsFiles(String glob) throws IOException {
        assertThat(files(glob)).isNotEmpty();
    }

    @Test
    void globFindsEveryScript() throws IOException {
        assertThat(files("dev/heliograph/**/*.lua")).containsAll(files("**/*.lua"));
        assertThat(globs()).contains("dev/heliograph/**/*.lua");
    }

    private static List<Path> files(String glob) throws IOException {
        PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + glob);
        try (Stream<Path> all = Files.walk(RESOURCES)) {
            return all.map(RESOURCES::relativize).filter(matcher::matches).toList();
        }
    }

    private static Stream<String> each(String list, String member) throws IOException {
        JsonNode metadata = new ObjectMapper().readTree(METADATA.toFile());
        return StreamSupport.stream(metadata.path(list).spliterator(), false)
                .map(each -> each.path(member).textValue());
    }
}
