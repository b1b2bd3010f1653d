package dev.heliograph.transport.ws;

import dev.heliograph.event.Channel;
import dev.heliograph.log.Position;
import java.util.Objects;
import java.util.Set;

/** What a client asks for. */
sealed interface WsRequest {
    /**
     * @param types empty: events of all types
     * @param after null: from now on
     * @param document whether it wants the channel's document, if it has no cursor, and all its changes after that
     */
    record Subscribe(Channel channel, Set<String> types, Position after, boolean document) implements WsRequest {
        public Subscribe {
            Objects.requireNonNull(channel, "channel");
            types = Set.copyOf(types);
        }
    }

    record Unsubscribe(Channel channel) implements WsRequest {}

    /** @param event the JSON object that {@code POST /api/realtime/publish} takes */
    record Publish(byte[] event) implements WsRequest {}

    record Ping() implements WsRequest {}
}
