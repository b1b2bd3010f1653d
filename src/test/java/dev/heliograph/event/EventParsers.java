package dev.heliograph.event;

import static dev.heliograph.fuzz.Parser.require;

import dev.heliograph.fuzz.Parser;
import java.util.List;

/** What is fuzzed of this package. */
public final class EventParsers {
    private EventParsers() {}

    public static List<Parser> all() {
        return List.of(
                Parser.ofText(
                        "channel",
                        EventParsers::readChannel,
                        "orders-123",
                        "orders",
                        "orders.*",
                        "finance-a;b@c,d=e.f_G"),
                Parser.ofLines("types", EventParsers::readTypes, "orders-1\norder.created\norder.updated"));
    }

    private static void readChannel(String written) {
        Channel channel = Parser.CATALOGUE.channel(written);

        boolean isFirehose = written.endsWith(".*");
        require(channel.isFirehose() || !isFirehose, "a firehose is written with .*", written);
        require((channel.name() + (isFirehose ? ".*" : "")).equals(written), "a channel is named as written", written);
        require(
                channel.namespace().equals("orders") || channel.namespace().equals("finance"),
                "a channel has a namespace that is configured",
                written);
        require(channel.name().matches("[A-Za-z0-9_=@,.;-]{1,164}"), "a channel has a legal name", written);
    }

    private static void readTypes(List<String> lines) {
        List<String> types = lines.subList(1, lines.size());

        Parser.CATALOGUE.requireTypes("event", types, List.of(Parser.CATALOGUE.channel(lines.get(0))));

        List<String> known = lines.get(0).startsWith("finance")
                ? List.of("payment.received")
                : List.of("order.created", "order.updated");
        require(known.containsAll(types), "only types of the namespace pass", types);
    }
}
