package dev.heliograph.wire;

import static dev.heliograph.wire.WireNames.CHANNEL;
import static dev.heliograph.wire.WireNames.CURSOR;
import static dev.heliograph.wire.WireNames.DOCUMENT;
import static dev.heliograph.wire.WireNames.ERROR;
import static dev.heliograph.wire.WireNames.EXPIRES;
import static dev.heliograph.wire.WireNames.FIREHOSE;
import static dev.heliograph.wire.WireNames.FROM;
import static dev.heliograph.wire.WireNames.GAP;
import static dev.heliograph.wire.WireNames.ID;
import static dev.heliograph.wire.WireNames.REASON;
import static dev.heliograph.wire.WireNames.RECOVERED;
import static dev.heliograph.wire.WireNames.SESSION;
import static dev.heliograph.wire.WireNames.SUBJECT;
import static dev.heliograph.wire.WireNames.TO;
import static dev.heliograph.wire.WireNames.VERSION;
import static java.nio.charset.StandardCharsets.US_ASCII;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import dev.heliograph.access.Identity;
import dev.heliograph.event.Channel;
import dev.heliograph.log.Document;
import dev.heliograph.log.DocumentLog.Snapshot;
import dev.heliograph.log.Entry;
import dev.heliograph.log.Gap;
import dev.heliograph.log.Position;
import dev.heliograph.problem.Problem;
import dev.heliograph.problem.ProblemCount;
import java.time.Instant;
import java.util.Optional;
import java.util.StringJoiner;

/**
 * The JSON objects that every wire embeds. Names of channels, cursors and ids have no character that JSON would escape.
 * Payloads and documents are spliced in and never parsed.
 */
public final class WireJson {
    private static final byte[] NULL = "null".getBytes(US_ASCII);

    private WireJson() {}

    /**
     * An entry: {@code cursor}, then {@code firehose} if a firehose holds it, then the members of the payload.
     *
     * @return shared, so callers must not change it
     */
    public static byte[] entry(Entry entry) {
        String firehose = entry.channel().isFirehose() ? ',' + member(FIREHOSE, entry.channel()) : "";
        byte[] head = ('{' + cursor(entry.position()) + firehose + ',').getBytes(US_ASCII);
        byte[] payload = entry.payload();
        byte[] json = new byte[head.length + payload.length - 1];
        System.arraycopy(head, 0, json, 0, head.length);
        System.arraycopy(payload, 1, json, head.length, payload.length - 1);
        return json;
    }

    /** A gap without its channel. */
    public static String gap(Gap gap) {
        return '{' + members(gap) + '}';
    }

    /** A gap with its channel. */
    public static String gap(Channel channel, Gap gap) {
        return '{' + channel(channel) + ',' + members(gap) + '}';
    }

    private static String members(Gap gap) {
        return member(FROM, gap.from())
                + ','
                + member(TO, gap.to())
                + ','
                + member(REASON, gap.reason().wireName());
    }

    /**
     * The answer at the start of a subscription and at every gap.
     *
     * @param gap empty: everything after the client's cursor follows
     * @param position after which entries follow
     */
    public static String sync(Channel channel, Optional<Gap> gap, Position position) {
        return '{' + syncMembers(channel, gap, position) + '}';
    }

    /** As {@link #sync}, with the id of the event stream. */
    public static String sync(Channel channel, Optional<Gap> gap, Position position, String session) {
        return '{' + syncMembers(channel, gap, position) + ',' + member(SESSION, session) + '}';
    }

    private static String syncMembers(Channel channel, Optional<Gap> gap, Position position) {
        String told = gap.map(it -> name(GAP) + gap(it)).orElse(name(RECOVERED) + true);
        return channel(channel) + ',' + told + ',' + cursor(position);
    }

    /** A channel's document: {@code cursor}, {@code version} if there is a document, and {@code document}. */
    public static byte[] snapshot(Channel channel, Snapshot snapshot) {
        Optional<Document> document = snapshot.document();
        String version = document.map(it -> ',' + member(VERSION, it.version())).orElse("");
        byte[] head = ('{' + channel(channel) + ',' + cursor(snapshot.top()) + version + ',' + name(DOCUMENT))
                .getBytes(US_ASCII);
        byte[] body = document.map(Document::json).orElse(NULL);
        byte[] json = new byte[head.length + body.length + 1];
        System.arraycopy(head, 0, json, 0, head.length);
        System.arraycopy(body, 0, json, head.length, body.length);
        json[json.length - 1] = '}';
        return json;
    }

    /** A channel and the client's position in it. */
    public static String subscribed(Channel channel, Position position) {
        return '{' + channel(channel) + ',' + cursor(position) + '}';
    }

    /** A channel without a position. */
    public static String unsubscribed(Channel channel) {
        return '{' + channel(channel) + '}';
    }

    /** A channel to which the client does not listen any more, and why. */
    public static String unsubscribed(Channel channel, Problem why) {
        return '{'
                + channel(channel)
                + ','
                + name(ERROR)
                + ProblemCount.counted(why).json()
                + '}';
    }

    /** When a token ends. */
    public static String expires(Instant end) {
        return '{' + member(EXPIRES, end) + '}';
    }

    /** When somebody's token ends; empty if it does not. */
    public static String refreshed(Identity identity) {
        return identity.expires() == null ? "{}" : expires(identity.expires());
    }

    /** Who somebody is, and when its token ends if it does. */
    public static String authenticated(Identity identity) {
        var members = new StringJoiner(",", "{", "}");
        if (identity.subject() != null) {
            members.add(
                    member(SUBJECT, new String(JsonStringEncoder.getInstance().quoteAsString(identity.subject()))));
        }
        if (identity.expires() != null) {
            members.add(member(EXPIRES, identity.expires()));
        }
        return members.toString();
    }

    /** An event that the log accepted. */
    public static String published(String id, Channel channel, Position position) {
        return '{' + member(ID, id) + ',' + channel(channel) + ',' + cursor(position) + '}';
    }

    private static String channel(Channel channel) {
        return member(CHANNEL, channel);
    }

    private static String cursor(Position position) {
        return member(CURSOR, position);
    }

    /** @param value whose text has no character that JSON would escape */
    private static String member(String name, Object value) {
        return name(name) + '"' + value + '"';
    }

    private static String name(String name) {
        return '"' + name + "\":";
    }
}
