package dev.heliograph.document;

import dev.heliograph.event.Catalogue;
import dev.heliograph.event.Channel;
import dev.heliograph.event.Namespace;
import dev.heliograph.http.IfNoneMatch;
import dev.heliograph.http.Query;
import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import dev.heliograph.publish.IdempotencyKey;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MultivaluedMap;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Reads what a request says beside its body, strictly: what is not understood is refused, by name. */
final class DocumentRequest {
    private static final String EVENT = "event";
    private static final String STRATEGY = "strategy";
    private static final String MERGE = "merge";

    /** No event that is published can have a key with a tab in it, so the two never meet. */
    private static final String KEY_PREFIX = "document\t";

    private final Catalogue catalogue;
    private final Channel channel;
    private final MultivaluedMap<String, String> parameters;
    private final HttpHeaders headers;

    private DocumentRequest(
            Catalogue catalogue, Channel channel, MultivaluedMap<String, String> parameters, HttpHeaders headers) {
        this.catalogue = catalogue;
        this.channel = channel;
        this.parameters = parameters;
        this.headers = headers;
    }

    /** @throws ProblemException if the channel, or its namespace, is none, or it is a firehose */
    static DocumentRequest of(
            Catalogue catalogue, String channel, MultivaluedMap<String, String> parameters, HttpHeaders headers) {
        Channel known = catalogue.channel(channel);
        if (known.isFirehose()) {
            throw ProblemException.inField(
                    ProblemType.INVALID_CHANNEL, "channel", channel, "<namespace>-<id>: a firehose has no document");
        }
        return new DocumentRequest(catalogue, known, parameters, headers);
    }

    /** @throws ProblemException if it has parameters, which a reader needs none of */
    Channel toRead() {
        Query.read(parameters, Set.of());
        return channel;
    }

    /** @throws ProblemException that names the parameter or header at fault */
    Write toReplaceOrPatch() {
        var query = Query.read(parameters, Set.of(EVENT, STRATEGY));
        String strategy = query.one(STRATEGY);
        if (strategy != null && !strategy.equals(MERGE)) {
            throw ProblemException.inField(
                    ProblemType.INVALID_REQUEST, STRATEGY, strategy, MERGE + ", or none to be told of conflicts");
        }
        Condition condition = condition();
        if (strategy != null && condition.kind() != Condition.Kind.TAG) {
            throw ProblemException.inField(
                    ProblemType.INVALID_REQUEST,
                    STRATEGY,
                    strategy,
                    "to come with the ETag of the version that was changed in " + Condition.IF_MATCH);
        }
        return new Write(channel, type(query.one(EVENT)), condition, strategy != null, idempotencyKey());
    }

    /** @throws ProblemException that names the parameter or header at fault */
    Write toDelete() {
        var query = Query.read(parameters, Set.of(EVENT));
        return new Write(channel, type(query.one(EVENT)), condition(), false, idempotencyKey());
    }

    private Condition condition() {
        return Condition.read(header(Condition.IF_MATCH), header(IfNoneMatch.HEADER));
    }

    private String idempotencyKey() {
        List<String> keys = header(IdempotencyKey.HEADER);
        if (keys.isEmpty()) {
            return null;
        }
        IdempotencyKey.check(keys.get(0));
        return KEY_PREFIX + keys.get(0);
    }

    private String type(String written) {
        Namespace namespace = catalogue.namespaceOf(channel);
        if (written != null) {
            catalogue.requireTypes(EVENT, List.of(written), List.of(channel));
            return written;
        }
        return namespace
                .typeOfDocuments()
                .orElseThrow(() -> ProblemException.inField(
                        ProblemType.INVALID_REQUEST,
                        EVENT,
                        null,
                        "one of " + String.join(", ", new TreeSet<>(namespace.types()))
                                + ", since heliograph.namespaces." + namespace.name() + ".document-type names none"));
    }

    private List<String> header(String name) {
        List<String> values = headers.getRequestHeader(name);
        return values == null ? List.of() : values;
    }
}
