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
     * Hash of the epoch (e), the newest offset (o), the run id of the Redis process that took it (r), and where the former
     * epochs of this life ended (p).
     */
    String top(Channel channel) {
        return tagged(channel.namespace()) + ":top:" + channel.name();
    }

    /** Hash of the newest entry of each type, as it was announced. */
    String latest(Channel channel) {
        return tagged(channel.namespace()) + ":latest:" + channel.name();
    }

    /** Hash of the document: its version, its json, and when it was modified, in milliseconds since 1970. */
    String document(Channel channel) {
        return tagged(channel.namespace()) + ":document:" + channel.name();
    }

    /** The first result of an append with this idempotency key. */
    String once(Channel channel, String idempotencyKey) {
        return tagged(channel.namespace()) + ":once:" + channel.name() + ":" + idempotencyKey;
    }

    /** Holds the token of the node that alone may append what comes by raw {@code PUBLISH}. */
    public String lease(String namespace) {
        return tagged(namespace) + ":lease";
    }

    /** Capped stream of what came by raw {@code PUBLISH} and could not be appended. */
    public String deadLetters() {
        return prefix + ":dead-letters";
    }

    /** Capped stream of what came by raw {@code PUBLISH} to a node that had just lost the lease. */
    public String fencedLetters() {
        return deadLetters() + ":fenced";
    }

    /** Written to find out whether Redis takes writes again. */
    String writable() {
        return prefix + ":writable";
    }

    /** Where what is appended to the channel is announced. */
    String live(Channel channel) {
        return livePrefix() + channel.name();
    }

    String livePrefix() {
        return prefix + ":live:";
    }

    /** Where one subscriber hears its own probes. */
    public String probe(String subscriberId) {
        return prefix + ":probe:" + subscriberId;
    }

    /** Where nodes agree on who appends what comes by raw {@code PUBLISH} after one of them. */
    public String handover() {
        return prefix + ":handover";
    }

    /** Where every node hears {@link dev.heliograph.log.Feed#broadcast}. */
    String notices() {
        return prefix + ":notices";
    }

    private String tagged(String namespace) {
        // docs/decisions.md: Redis keys carry the namespace as hash tag, `{orders}`, not the channel
        return prefix + ":{" + namespace + "}";
    }
}
