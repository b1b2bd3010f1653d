package dev.heliograph.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heliograph.access.Caller;
import dev.heliograph.event.Catalogue;
import dev.heliograph.event.Channel;
import dev.heliograph.fixture.Namespaces;
import dev.heliograph.http.Query;
import dev.heliograph.problem.ProblemException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SelectionTest {
    private final Catalogue catalogue = new Catalogue(List.of(
            Namespaces.of("orders", "order.updated", "order.created"), Namespaces.of("drivers", "driver.online")));

    @Test
    void keepsOrderOfChannelsAndAcceptsBothNamesOfFirehose() {
        Selection selection = read("channel=orders-2", "channel=drivers.*", "channel=orders-1", "event=driver.online");

        assertThat(selection.channels()).extracting(Channel::name).containsExactly("orders-2", "drivers", "orders-1");
        assertThat(selection.types()).containsExactly("driver.online");
    }

    @Test
    void takesThirtyTwoChannelsAndNotOneMore() {
        assertThat(read(channels(32)).channels()).hasSize(32);

        assertRefused("too-many-channels", "channel", channels(33));
    }

    @ParameterizedTest
    @CsvSource({
        "invalid-channel,channel,event=order.updated",
        "invalid-channel,channel,channel=or ders",
        "unknown-namespace,channel,channel=trains-1",
        "invalid-request,channel,channel=orders-1&channel=orders-1",
        "invalid-request,channel,channel=orders&channel=orders.*",
        "unknown-type,event,channel=orders-1&event=driver.online",
        "invalid-request,cursor,channel=orders-1&cursor=a-1&cursor=a-1",
        "invalid-request,chanel,chanel=orders-1",
    })
    void wrongQueryIsRefusedByItsParameter(String slug, String field, String query) {
        assertRefused(slug, field, query.split("&"));
    }

    private void assertRefused(String slug, String field, String... parameters) {
        assertThatThrownBy(() -> read(parameters)).isInstanceOfSatisfying(ProblemException.class, refused -> {
            assertThat(refused.problem().type().slug()).isEqualTo(slug);
            assertThat(refused.problem().field()).isEqualTo(field);
        });
    }

    private Selection read(String... parameters) {
        var pairs = new ArrayList<Map.Entry<String, String>>();
        Arrays.stream(parameters)
                .map(parameter -> parameter.split("=", 2))
                .forEach(pair -> pairs.add(Map.entry(pair[0], pair[1])));
        return Selection.read(
                catalogue, Caller.trusted(catalogue), Query.read(pairs, Set.of("cursor"), Set.of("channel", "event")));
    }

    private static String[] channels(int count) {
        return IntStream.range(0, count).mapToObj(n -> "channel=orders-" + n).toArray(String[]::new);
    }
}
