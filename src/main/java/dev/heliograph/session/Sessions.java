package dev.heliograph.session;

import dev.heliograph.access.Caller;
import dev.heliograph.event.Catalogue;
import dev.heliograph.event.Channel;
import dev.heliograph.hub.Hub;
import dev.heliograph.hub.Outlet;
import dev.heliograph.log.DocumentLog;
import dev.heliograph.wire.CloseReason;
import jakarta.inject.Singleton;
import java.util.function.Consumer;

/** Opens sessions. Any thread may call. */
@Singleton
public final class Sessions {
    private final Hub hub;
    private final Catalogue catalogue;
    private final SessionConfig config;
    private final DocumentLog documents;

    Sessions(Hub hub, Catalogue catalogue, SessionConfig config, DocumentLog documents) {
        this.hub = hub;
        this.catalogue = catalogue;
        this.config = config;
        this.documents = documents;
    }

    /**
     * @param caller for whom the session acts
     * @param closer tells the client why and closes the connection; called once at most, on the event loop
     */
    public Session open(Caller caller, Outlet outlet, Consumer<CloseReason> closer) {
        return open(caller, outlet, closer, channel -> {});
    }

    /**
     * @param whenCaughtUp told each time that a client has been sent all that the log held of a channel; must not end the
     *     session
     */
    public Session open(Caller caller, Outlet outlet, Consumer<CloseReason> closer, Consumer<Channel> whenCaughtUp) {
        return new Session(this, caller, outlet, closer, whenCaughtUp);
    }

    Hub hub() {
        return hub;
    }

    Catalogue catalogue() {
        return catalogue;
    }

    DocumentLog documents() {
        return documents;
    }

    SessionConfig config() {
        return config;
    }
}
