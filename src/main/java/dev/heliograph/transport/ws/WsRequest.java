package dev.heliograph.transport.ws;

import dev.heliograph.event.Channel;
import dev.heliograph.hub.Kind;
import dev.heliograph.log.Position;
import dev.heliograph.publish.Publisher.Draft;
import java.util.Objects;
import java.util.Set;

/** A client's request. */
sealed interface WsRequest {
    /** Has one method for each kind of request. */
    interface Handler {
        void subscribe(String id, Subscribe request);

        void unsubscribe(String id, Unsubscribe request);

        void publish(String id, Publish request);

        void ping(String id);

        void authenticate(String id, Authenticate request);

        void refresh(String id, Refresh request);
    }

    /**
     * Calls the handler's method for this kind of request.
     *
     * @param id of the request, as JSON text
     */
    void callOn(Handler handler, String id);

    /**
     * @param types empty: events of all types
     * @param after null: from now on
     * @param kinds with {@link Kind#DOCUMENTS}, it also wants the channel's document, if it has no cursor
     */
    record Subscribe(Channel channel, Set<String> types, Position after, Set<Kind> kinds) implements WsRequest {
        public Subscribe {
            Objects.requireNonNull(channel, "channel");
            types = Set.copyOf(types);
            kinds = Set.copyOf(kinds);
        }

        @Override
        public void callOn(Handler handler, String id) {
            handler.subscribe(id, this);
        }
    }

    record Unsubscribe(Channel channel) implements WsRequest {
        @Override
        public void callOn(Handler handler, String id) {
            handler.unsubscribe(id, this);
        }
    }

    record Publish(Draft draft) implements WsRequest {
        @Override
        public void callOn(Handler handler, String id) {
            handler.publish(id, this);
        }
    }

    /** @param token or API key; not shown by {@link #toString} */
    record Authenticate(String token) implements WsRequest {
        @Override
        public void callOn(Handler handler, String id) {
            handler.authenticate(id, this);
        }

        @Override
        public String toString() {
            return "Authenticate";
        }
    }

    /** @param token or API key; not shown by {@link #toString} */
    record Refresh(String token) implements WsRequest {
        @Override
        public void callOn(Handler handler, String id) {
            handler.refresh(id, this);
        }

        @Override
        public String toString() {
            return "Refresh";
        }
    }

    record Ping() implements WsRequest {
        @Override
        public void callOn(Handler handler, String id) {
            handler.ping(id);
        }
    }
}
