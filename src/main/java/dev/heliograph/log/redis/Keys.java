package dev.heliograph.log.redis;

import dev.heliograph.event.Channel;

/**
 * The names that the gateway uses in Redis. Keys carry the namespace as hash tag, so that a channel and its firehose live
 * in one slot and one script may write both.
 *
 * @param prefix first part of every name; 1 to 64 letters, digits and _ . -
 */
public record Keys(String prefix) {
    public Keys {
        if (!prefix.matches("[A-Za-z0-9_.-]{1,64}")) {
            throw new IllegalArgumentException(
                    "heliograph.redis.prefix is " + prefix + ", expected 1 to 64 letters, digits and _ . -");
        }
    }

    /** Stream of the entries that are held. */
    String log(Channel channel) {
        return tagged(channel.namespace()) + ":log:" + channel.name();
    }

    /**
     * Hash of the epoch (e), the newest offset (o), the run id of the Redis process that took it (r), and the ends of the
     * former epochs of this life (p).
     */
    String top(Channel channel) {
        return tagged(channel.namespace()) + ":top:" + channel.name();
    }

    /** Hash of the newest entry of each type, as it was announced. */
    String latest(Channel channel) {
        return tagged(channel.namespace()) + ":latest:" + channel.name();
    }

    /** Hash of the document: its version, its json, and the time of its last change, in milliseconds since 1970. */
    String document(Channel channel) {
        return tagged(channel.namespace()) + ":document:" + channel.name();
    }

    /** The first result of an append with this idempotency key. */
    String once(Channel channel, String idempotencyKey) {
        return tagged(channel.namespace()) + ":once:" + channel.name() + ":" + idempotencyKey;
    }

    /** Holds the token of the one node that may append the messages of raw {@code PUBLISH}. */
    public String lease(String namespace) {
        return tagged(namespace) + ":lease";
    }

    /** Capped stream of the messages of raw {@code PUBLISH} that could not be appended. */
    public String deadLetters() {
        return prefix + ":dead-letters";
    }

    /** Capped stream of the messages of raw {@code PUBLISH} that came to a node without the lease any more. */
    public String fencedLetters() {
        return deadLetters() + ":fenced";
    }

    /** The identity of the maker of a one-time ticket, by the ticket's hash. */
    public String ticket(String hash) {
        return prefix + ":ticket:" + hash;
    }

    /** Sorted set of the revocations, each with the time of its end in milliseconds since 1970. */
    public String revocations() {
        return prefix + ":revocations";
    }

    /** The key of a test write, which shows whether Redis takes writes again. */
    String writable(String namespace) {
        return tagged(namespace) + ":writable";
    }

    /** The pub/sub channel on which the channel's new entries are announced. */
    String live(Channel channel) {
        return livePrefix() + channel.name();
    }

    String livePrefix() {
        return prefix + ":live:";
    }

    /** The pub/sub channel of one subscriber's own probes. */
    public String probe(String subscriberId) {
        return prefix + ":probe:" + subscriberId;
    }

    /** The pub/sub channel on which a stopping node hands raw {@code PUBLISH} over to another. */
    public String handover() {
        return prefix + ":handover";
    }

    /** The pub/sub channel of {@link dev.heliograph.log.Feed#broadcast}. */
    public String notices() {
        return prefix + ":notices";
    }

    private String tagged(String namespace) {
        // docs/decisions.md: Redis keys carry the namespace as hash tag, `{orders}`, not the channel
        return prefix + ":{" + namespace + "}";
    }
}
