package dev.heliograph.http.route;

import dev.heliograph.access.Caller;
import dev.heliograph.http.ContentType;
import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.List;
import java.util.function.Consumer;

/** One request to a route and its answer. */
public final class Exchange {
    /** RFC 9110, section 12.5.3: no coding. */
    private static final String IDENTITY = "identity";

    private static final String CALLER = "heliograph.caller";

    private Exchange() {}

    /** Says who makes a request, before anything works on it. */
    public static void comesFrom(RoutingContext context, Caller caller) {
        context.put(CALLER, caller);
    }

    /** Who makes a request. */
    public static Caller caller(RoutingContext context) {
        return context.get(CALLER);
    }

    /**
     * Reads the body if it has one of the route's {@linkplain Route#contentTypes media types}. Also without any (RFC 9110,
     * section 8.3, allows this), unless it is a patch, which may be of several types. Refuses any other unread, because Vert.x
     * would parse forms.
     *
     * @param reader calls the route's next handler
     */
    public static Handler<RoutingContext> reads(BodyHandler reader, Route route) {
        return context -> {
            requireType(context, route);
            read(context, reader);
        };
    }

    /**
     * As {@link #reads}, for a body that is read by itself.
     *
     * @throws ProblemException {@code unsupported-media-type}
     */
    public static void requireReadable(RoutingContext context, Route route) {
        requireType(context, route);
        requireNoCoding(context);
    }

    private static void requireType(RoutingContext context, Route route) {
        HttpMethod method = context.request().method();
        List<String> read = route.contentTypes(method);
        String type = mediaType(context);
        boolean isPatch = method.equals(HttpMethod.PATCH);
        if (!read.contains(type) && (isPatch || !type.isEmpty())) {
            if (isPatch) {
                acceptPatch(context, route);
            }
            throw ContentType.unsupported(context.request().getHeader(ContentType.HEADER), String.join(" or ", read));
        }
    }

    /** Tells the media types of patches (RFC 5789, section 3.1). */
    public static void acceptPatch(RoutingContext context, Route route) {
        context.response().putHeader("Accept-Patch", String.join(", ", route.contentTypes(HttpMethod.PATCH)));
    }

    /**
     * Reads the body if it has no content coding, and refuses any other unread, because it may inflate a thousandfold.
     *
     * @param reader calls the route's next handler
     */
    static void read(RoutingContext context, BodyHandler reader) {
        requireNoCoding(context);
        reader.handle(context);
    }

    private static void requireNoCoding(RoutingContext context) {
        List<String> codings = context.request().headers().getAll(HttpHeaderNames.CONTENT_ENCODING);
        for (String coding : String.join(",", codings).split(",")) {
            if (!coding.isBlank() && !coding.strip().equalsIgnoreCase(IDENTITY)) {
                // RFC 9110, section 12.5.3
                context.response().putHeader(HttpHeaderNames.ACCEPT_ENCODING, IDENTITY);
                throw ProblemException.inField(
                        ProblemType.UNSUPPORTED_MEDIA_TYPE,
                        "Content-Encoding",
                        String.join(", ", codings),
                        "none, or " + IDENTITY);
            }
        }
    }

    /** The media type of the request, without parameters and in lower case; empty if there is none. */
    public static String mediaType(RoutingContext context) {
        return ContentType.essence(context.request().getHeader(ContentType.HEADER));
    }

    /** The body that a handler before this one has read; empty if there is none. */
    public static byte[] body(RoutingContext context) {
        Buffer body = context.body().buffer();
        return body == null ? new byte[0] : body.getBytes();
    }

    /**
     * Answers with a result, or with the problem of its failure, on the connection's event loop. If the client leaves
     * before that, the result is cancelled.
     *
     * @param how writes the end of the response
     */
    public static <T> void answer(RoutingContext context, Uni<T> result, Consumer<T> how) {
        Cancellable pending = onLoop(context, result).invoke(how).subscribe().with(answered -> {}, context::fail);
        if (!context.response().ended()) {
            context.response().closeHandler(gone -> pending.cancel());
        }
    }

    /** Emits on the connection's event loop; at once if that is where the result comes. */
    public static <T> Uni<T> onLoop(RoutingContext context, Uni<T> result) {
        EventLoop loop = Sockets.of(context.request()).eventLoop();
        return result.emitOn(task -> {
            if (loop.inEventLoop()) {
                task.run();
            } else {
                loop.execute(task);
            }
        });
    }

    /** Ends the answer with a body; {@code HEAD} gets only its length (RFC 9110, section 9.3.2). */
    public static Future<Void> end(RoutingContext context, Buffer body) {
        HttpServerResponse response = context.response();
        if (!context.request().method().equals(HttpMethod.HEAD)) {
            return response.end(body);
        }
        return response.putHeader(HttpHeaderNames.CONTENT_LENGTH, Integer.toString(body.length()))
                .end();
    }
}
