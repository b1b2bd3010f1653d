package dev.heliograph.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heliograph.event.Namespace.CacheProfile;
import dev.heliograph.event.Namespace.SlowClientPolicy;
import dev.heliograph.problem.ProblemException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CatalogueTest {
    private final Namespace orders = namespace("orders", Set.of("order.created", "order.updated"), 10);
    private final Catalogue catalogue = new Catalogue(List.of(orders, namespace("jobs", Set.of("job.done"), 10)));

    @Test
    void anUnknownNamespaceIsRefusedWithThoseThatExist() {
        assertThatThrownBy(() -> catalogue.channel("shops-1"))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("\"shops-1\"")
                .hasMessageContaining("jobs, orders");
    }

    @Test
    void anUnknownTypeIsRefusedWithThoseThatAreLegal() {
        assertThatThrownBy(() -> catalogue.requireType("type", orders, "order.eaten"))
                .isInstanceOf(ProblemException.class)
                .hasMessage(
                        "type is \"order.eaten\", expected one of order.created, order.updated in namespace orders");
    }

    @Test
    void clientsCannotNameTheChannelOfProbes() {
        assertThatThrownBy(() -> catalogue.channel(Catalogue.PROBES.name()))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("expected one of the namespaces jobs, orders");
        assertThatThrownBy(() -> catalogue.channel(Catalogue.PROBES.name() + ".*"))
                .isInstanceOf(ProblemException.class);
        assertThat(catalogue.isKnown(Catalogue.PROBES)).isFalse();
        assertThat(catalogue.isPublic(Action.SUBSCRIBE, Catalogue.PROBES)).isFalse();
        assertThat(catalogue.namespaces()).extracting(Namespace::name).containsExactly("jobs", "orders");
    }

    @Test
    void namespaceOfProbesCannotBeConfigured() {
        assertThatThrownBy(() -> new Catalogue(List.of(namespace("_probe", Set.of("probe"), 1))))
                .hasMessage("heliograph.namespaces._probe is configured, expected another name:"
                        + " this one is the gateway's own");
    }

    @Test
    void theFirehoseKeepsAHistoryOfItsOwnSize() {
        assertThat(orders.historySize(new Channel("orders-1"))).isEqualTo(10);
        assertThat(orders.historySize(new Channel("orders"))).isEqualTo(100);
    }

    @Test
    void anOptionOutOfRangeIsRefusedByItsKey() {
        assertThatThrownBy(() -> namespace("orders", Set.of("order.created"), 0))
                .hasMessage("heliograph.namespaces.orders.history-size is 0, expected 1 to 100000");
        assertThatThrownBy(() -> namespace("or-ders", Set.of("order.created"), 1))
                .hasMessageContaining("heliograph.namespaces.or-ders");
        assertThatThrownBy(() -> namespace("orders", Set.of("order created"), 1))
                .hasMessageContaining("heliograph.namespaces.orders.types");
    }

    private static Namespace namespace(String name, Set<String> types, int historySize) {
        return new Namespace(
                name,
                types,
                historySize,
                100,
                Duration.ofHours(1),
                EnumSet.allOf(Action.class),
                false,
                1024,
                SlowClientPolicy.REPLAY,
                Optional.empty(),
                CacheProfile.REALTIME);
    }
}
