package dev.heliograph.document.http;

import static dev.heliograph.fuzz.Parser.CALLER;
import static dev.heliograph.fuzz.Parser.CATALOGUE;
import static dev.heliograph.fuzz.Parser.require;

import dev.heliograph.document.Documents.Write;
import dev.heliograph.event.Action;
import dev.heliograph.fuzz.FuzzedRequest;
import dev.heliograph.fuzz.Parser;
import java.util.List;
import java.util.function.Function;

/** What is fuzzed of this package. */
public final class DocumentRequestParsers {
    private static final String PATH = "/api/realtime/documents/";

    private DocumentRequestParsers() {}

    public static List<Parser> all() {
        return List.of(
                Parser.ofRequest(
                        "read of document",
                        DocumentRequestParsers::read,
                        PATH + "orders-1\nIf-Match: \"a-1\"",
                        PATH + "orders-1?a=b\nIf-Unmodified-Since: Sat, 31 Jan 2026 12:00:00 GMT"),
                write("put of document", DocumentRequest::toReplace),
                write("patch of document", DocumentRequest::toPatch),
                write("delete of document", DocumentRequest::toDelete));
    }

    private static Parser write(String name, Function<DocumentRequest, Write> reading) {
        return Parser.ofRequest(
                name,
                request -> requireLegal(reading.apply(of(request, Action.WRITE))),
                PATH + "orders-1?event=order.created\nIf-Match: \"a-1\"\nIdempotency-Key: a",
                PATH + "orders-1?strategy=merge\nIf-Match: W/\"a-1\"",
                PATH + "finance-1\nIf-None-Match: *",
                PATH + "orders-1\nContent-Range: bytes 0-1/2");
    }

    private static void read(FuzzedRequest request) {
        DocumentRequest read = of(request, Action.READ);

        Parser.requireGranted(read.toRead());
        read.conditionOfReader();
    }

    private static void requireLegal(Write write) {
        Parser.requireGranted(write.channel());
        require(!write.channel().isFirehose(), "a firehose has no document", write.channel());
        require(write.type().matches("order\\.(created|updated)"), "the type is one of the namespace", write.type());
    }

    private static DocumentRequest of(FuzzedRequest request, Action action) {
        String path = request.address().replaceFirst("\\?.*", "");
        String channel = path.startsWith(PATH) ? path.substring(PATH.length()) : path;
        return DocumentRequest.of(CATALOGUE, CALLER, action, channel, request.ofVertx());
    }
}
