package dev.heliograph.transport.socket;

import dev.heliograph.hub.WireFormat;
import dev.heliograph.problem.Problem;
import dev.heliograph.wire.Closing;

/** What a protocol says without being asked, as finished frames. */
public interface SocketFormat extends WireFormat {
    /** A problem of the connection, or of a frame that is no request. */
    byte[] error(Problem problem);

    /** The last frame before the closing frame. */
    byte[] closing(Closing closing);
}
