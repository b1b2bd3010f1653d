package dev.heliograph.transport.ws;

import static dev.heliograph.fuzz.Parser.CALLER;
import static dev.heliograph.fuzz.Parser.CATALOGUE;
import static dev.heliograph.fuzz.Parser.require;

import dev.heliograph.event.Channel;
import dev.heliograph.fuzz.Parser;
import dev.heliograph.publish.EventReader;
import java.util.List;

/** What is fuzzed of this package. */
public final class WsParsers {
    private static final WsRequestReader READER = new WsRequestReader(CATALOGUE, new EventReader());

    private WsParsers() {}

    public static List<Parser> all() {
        return List.of(Parser.ofBytes(
                "WebSocket request",
                WsParsers::read,
                "{\"id\":5,\"ping\":{}}",
                "{\"id\":1,\"subscribe\":{\"channel\":\"orders-123\"}}",
                "{\"id\":2,\"subscribe\":{\"channel\":\"orders-124\",\"types\":[\"order.updated\",\"order.created\"]}}",
                "{\"id\":\"resume-1\",\"subscribe\":{\"channel\":\"orders.*\",\"cursor\":\"3kq0vkzx5d1n8-1\"}}",
                "{\"id\":7,\"subscribe\":{\"channel\":\"orders-123\",\"document\":true}}",
                "{\"id\":3,\"unsubscribe\":{\"channel\":\"orders-123\"}}",
                "{\"id\":4,\"publish\":{\"channel\":\"orders-7\",\"type\":\"order.created\",\"id\":\"7-1\","
                        + "\"time\":\"2026-01-31T12:00:00Z\",\"data\":{\"title\":\"Take the parcel\",\"fee\":7.50}}}",
                "{\"id\":8,\"subscribe\":{\"channel\":\"finance-1\"}}"));
    }

    /** The envelope is always read, so that the answer can have an id. */
    private static void read(byte[] text) {
        WsEnvelope envelope = WsEnvelope.read(text);
        require(
                envelope.id() == null || envelope.id().matches("-?[0-9]{1,18}|\"[ -~&&[^\"\\\\]]{1,64}\""),
                "an id is legal JSON",
                envelope.id());

        WsRequest request = READER.read(CALLER, envelope);

        if (!(request instanceof WsRequest.Ping)) {
            Parser.requireGranted(channel(request));
        }
    }

    private static Channel channel(WsRequest request) {
        if (request instanceof WsRequest.Subscribe subscribe) {
            return subscribe.channel();
        }
        return request instanceof WsRequest.Publish publish
                ? publish.draft().channel()
                : ((WsRequest.Unsubscribe) request).channel();
    }
}
