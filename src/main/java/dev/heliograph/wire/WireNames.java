package dev.heliograph.wire;

/**
 * The names of the members of requests, answers and frames, and of the parameters of queries that mean the same. A name
 * that only one address uses is written there. So are those of other protocols, such as CloudEvents.
 */
public final class WireNames {
    // Members of an event.
    public static final String TYPE = "type";
    public static final String CHANNEL = "channel";
    public static final String ID = "id";
    public static final String TIME = "time";
    public static final String DATA = "data";

    /** Where a client stands in a channel. */
    public static final String CURSOR = "cursor";

    public static final String FIREHOSE = "firehose";
    public static final String RECOVERED = "recovered";
    public static final String GAP = "gap";
    public static final String FROM = "from";
    public static final String TO = "to";
    public static final String REASON = "reason";
    public static final String DOCUMENT = "document";
    public static final String VERSION = "version";
    /** The types that a subscription asks for; {@link #EVENT} in queries. */
    public static final String TYPES = "types";

    public static final String EVENTS = "events";
    public static final String WAIT = "wait";
    public static final String LIMIT = "limit";

    // Kinds of requests over WebSocket.
    public static final String SUBSCRIBE = "subscribe";
    public static final String UNSUBSCRIBE = "unsubscribe";
    public static final String PUBLISH = "publish";
    public static final String PING = "ping";
    public static final String AUTHENTICATE = "authenticate";
    public static final String REFRESH = "refresh";
    public static final String TOKEN = "token";

    // Kinds of answers to them.
    public static final String SUBSCRIBED = "subscribed";
    public static final String UNSUBSCRIBED = "unsubscribed";
    public static final String PUBLISHED = "published";
    public static final String PONG = "pong";
    public static final String AUTHENTICATED = "authenticated";
    public static final String REFRESHED = "refreshed";
    public static final String SUBJECT = "subject";
    /** When a token ends. */
    public static final String EXPIRES = "expires";

    public static final String ERROR = "error";

    // Kinds of frames that come without a request.
    public static final String EVENT = "event";
    public static final String SYNC = "sync";
    public static final String CLOSING = "closing";
    public static final String TOKEN_EXPIRING = "token-expiring";
    /** The id of an event stream whose token ends, to refresh it. */
    public static final String SESSION = "session";

    // What is to be forgotten by the caches.
    public static final String KEYS = "keys";
    public static final String PATTERN = "pattern";
    public static final String ALL = "all";

    private WireNames() {}
}
