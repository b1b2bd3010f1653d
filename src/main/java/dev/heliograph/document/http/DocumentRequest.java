package dev.heliograph.document.http;

import dev.heliograph.access.Caller;
import dev.heliograph.document.Condition;
import dev.heliograph.document.Documents.Write;
import dev.heliograph.event.Action;
import dev.heliograph.event.Catalogue;
import dev.heliograph.event.Channel;
import dev.heliograph.event.Namespace;
import dev.heliograph.http.IfNoneMatch;
import dev.heliograph.http.Query;
import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import dev.heliograph.publish.IdempotencyKey;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Reads what a request says beside its body, strictly: what is not understood is refused, by name. */
final class DocumentRequest {
    private static final String EVENT = "event";
    private static final String STRATEGY = "strategy";
    private static final String MERGE = "merge";
    /** More than are understood, so that one too many is seen. */
    private static final int MAX_PARAMETERS = 16;

    /** No event that is published can have a key with a tab in it, so the two never meet. */
    private static final String KEY_PREFIX = "document\t";

    private final Catalogue catalogue;
    private final Channel channel;
    private final String address;
    private final MultiMap headers;

    private DocumentRequest(Catalogue catalogue, Channel channel, HttpServerRequest request) {
        this.catalogue = catalogue;
        this.channel = channel;
        this.address = request.uri();
        this.headers = request.headers();
    }

    /** @throws ProblemException if the channel, or its namespace, is none, or it is a firehose, or the caller may not */
    static DocumentRequest of(
            Catalogue catalogue, Caller caller, Action action, String channel, HttpServerRequest request) {
        Channel known = caller.channel(channel, action);
        known.requireDocumented();
        return new DocumentRequest(catalogue, known, request);
    }

    /** @throws ProblemException if it has parameters, which a reader needs none of */
    Channel toRead() {
        query(Set.of());
        return channel;
    }

    /** @throws ProblemException that names the parameter or header at fault */
    Write toReplace() {
        String range = headers.get(HttpHeaderNames.CONTENT_RANGE);
        if (range != null) {
            throw ProblemException.inField(
                    ProblemType.INVALID_REQUEST,
                    "Content-Range",
                    range,
                    "none: the whole document is put, or parts of it by PATCH (RFC 9110, section 14.5)");
        }
        return toPatch();
    }

    /** @throws ProblemException that names the parameter or header at fault */
    Write toPatch() {
        Query query = query(Set.of(EVENT, STRATEGY));
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
        Query query = query(Set.of(EVENT));
        return new Write(channel, type(query.one(EVENT)), condition(), false, idempotencyKey());
    }

    /** Not those of Vert.x, which has put the channel of the path among them. A semicolon parts nothing. */
    private Query query(Set<String> names) {
        var decoder = new QueryStringDecoder(address, StandardCharsets.UTF_8, true, MAX_PARAMETERS, true);
        return Query.read(decoder.parameters(), names);
    }

    /** @throws ProblemException if it is malformed */
    Condition conditionOfReader() {
        Condition condition = Condition.read(header(Condition.IF_MATCH), List.of());
        String date = headers.get(HttpHeaderNames.IF_UNMODIFIED_SINCE);
        if (condition.kind() == Condition.Kind.NONE && date != null) {
            throw ProblemException.inField(
                    ProblemType.INVALID_REQUEST,
                    "If-Unmodified-Since",
                    date,
                    "none, but " + Condition.IF_MATCH + " with an ETag: a document may change twice in a second");
        }
        return condition;
    }

    private Condition condition() {
        return Condition.read(header(Condition.IF_MATCH), header(IfNoneMatch.HEADER));
    }

    private String idempotencyKey() {
        String key = IdempotencyKey.read(header(IdempotencyKey.HEADER));
        return key == null ? null : KEY_PREFIX + key;
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
        return headers.getAll(name);
    }
}
