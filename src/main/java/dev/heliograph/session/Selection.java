package dev.heliograph.session;

import dev.heliograph.access.Caller;
import dev.heliograph.event.Action;
import dev.heliograph.event.Catalogue;
import dev.heliograph.event.Channel;
import dev.heliograph.http.Query;
import dev.heliograph.hub.Filter;
import dev.heliograph.hub.Kind;
import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What a client asks to hear by the parameters {@code channel}, {@code event} and {@code document}.
 *
 * @param channels in the order of the request, each once
 * @param types only events of these types; empty: of all
 * @param kinds with {@link Kind#DOCUMENTS}, it also wants the document of each channel of which it has no cursor
 */
public record Selection(List<Channel> channels, Set<String> types, Set<Kind> kinds) {
    /** The most channels of one request. */
    public static final int MAX_CHANNELS = 32;

    public static final String CHANNEL = "channel";
    public static final String EVENT = "event";
    public static final String DOCUMENT = "document";

    public Selection {
        channels = List.copyOf(channels);
        types = Set.copyOf(types);
        kinds = Set.copyOf(kinds);
    }

    /**
     * @throws ProblemException that names the parameter, if there is no channel, too many, one twice, or one unknown; or if
     *     the caller may not listen to one, or not read its document
     */
    public static Selection read(Catalogue catalogue, Caller caller, Query query) {
        List<String> written = query.all(CHANNEL);
        if (written.isEmpty()) {
            throw ProblemException.inField(
                    ProblemType.INVALID_CHANNEL, CHANNEL, null, "a channel name such as orders-123");
        }
        if (written.size() > MAX_CHANNELS) {
            throw ProblemException.inField(
                    ProblemType.TOO_MANY_CHANNELS, CHANNEL, written.size(), "at most " + MAX_CHANNELS + " of them");
        }
        var channels = new ArrayList<Channel>(written.size());
        for (String name : written) {
            Channel channel = caller.channel(name, Action.SUBSCRIBE);
            if (channels.contains(channel)) {
                throw ProblemException.inField(ProblemType.INVALID_REQUEST, CHANNEL, name, "each channel once");
            }
            channels.add(channel);
        }
        catalogue.requireTypes(EVENT, query.all(EVENT), channels);
        Set<Kind> kinds = kinds(query.one(DOCUMENT), channels);
        if (kinds.contains(Kind.DOCUMENTS)) {
            channels.forEach(channel -> caller.requireMay(Action.READ, channel));
        }
        return new Selection(channels, Set.copyOf(query.all(EVENT)), kinds);
    }

    private static Set<Kind> kinds(String written, List<Channel> channels) {
        if (written == null || written.equals("false")) {
            return Set.of(Kind.EVENTS);
        }
        if (!written.equals("true")) {
            throw ProblemException.inField(ProblemType.INVALID_REQUEST, DOCUMENT, written, "true or false");
        }
        channels.forEach(Channel::requireDocumented);
        return Set.of(Kind.EVENTS, Kind.DOCUMENTS);
    }

    /** Whether documents come first. */
    public boolean wantsDocuments() {
        return kinds.contains(Kind.DOCUMENTS);
    }

    /** What is sent of each channel. */
    public Filter filter() {
        return new Filter(types, kinds);
    }

    /**
     * Reads the cursor that belongs to this selection.
     *
     * @param field the parameter or header that it stood in
     * @param written null: from now on
     */
    public CursorVector cursor(String field, String written) {
        return written == null
                ? CursorVector.fromNow(channels.size())
                : CursorVector.parse(field, written, channels.size());
    }
}
