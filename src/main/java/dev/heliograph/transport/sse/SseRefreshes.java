package dev.heliograph.transport.sse;

import dev.heliograph.access.Identity;
import dev.heliograph.access.IdentityJson;
import dev.heliograph.log.Feed;
import dev.heliograph.problem.Problem;
import dev.heliograph.problem.ProblemException;
import dev.heliograph.problem.ProblemType;
import io.quarkus.logging.Log;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * Brings a newer token to its event stream. If this node does not have the stream, it asks all nodes by a notice over the
 * feed; the one that has it answers by another. Any thread may call.
 */
@Singleton
final class SseRefreshes implements Feed.Listener {
    // docs/decisions.md: A refresh finds its event stream by notices
    private static final String REFRESH = "refresh-session";
    private static final String REFRESHED = "session-refreshed";
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final int MAX_WAITING = 10_000;
    /** {@code <kind> <request> <id> <identity>} */
    private static final int WORDS = 4;

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{22}");

    private final SsePeers peers;
    private final Feed feed;
    /** By request: those who wait for the answer of another node. */
    private final Map<String, UniEmitter<? super Void>> waiting = new ConcurrentHashMap<>();

    SseRefreshes(SsePeers peers, Feed feed) {
        this.peers = peers;
        this.feed = feed;
        feed.listen(this);
    }

    /**
     * @param newer already verified
     * @return on any thread; fails with {@code unknown-session} if no node has such a stream of the same subject, the same and
     *     after the same time for a stream of another; with {@code overloaded}; and as {@link Feed#broadcast}
     */
    Uni<Void> refresh(String id, Identity newer) {
        if (!ID.matcher(id).matches()) {
            return Uni.createFrom().failure(unknown());
        }
        return peers.refresh(id, newer)
                .chain(isHere -> isHere ? Uni.createFrom().voidItem() : askOthers(id, newer));
    }

    private Uni<Void> askOthers(String id, Identity newer) {
        String request = UUID.randomUUID().toString();
        return Uni.createFrom()
                .<Void>emitter(waiter -> {
                    if (waiting.size() >= MAX_WAITING) {
                        throw new ProblemException(Problem.of(
                                        ProblemType.OVERLOADED,
                                        "too many refreshes wait for the answer of another node")
                                .retryAfter(PATIENCE));
                    }
                    waiting.put(request, waiter);
                    feed.broadcast(String.join(" ", REFRESH, request, id, IdentityJson.write(newer)))
                            .subscribe()
                            .with(sent -> {}, waiter::fail);
                })
                .ifNoItem()
                .after(PATIENCE)
                .failWith(SseRefreshes::unknown)
                .onTermination()
                .invoke(() -> waiting.remove(request));
    }

    static ProblemException unknown() {
        return ProblemException.of(
                ProblemType.UNKNOWN_SESSION,
                "there is no such event stream, expected the session of its first sync and a token of the same subject;"
                        + " otherwise open the stream again with the newer token and the last event id");
    }

    /** Whoever waits is answered that there is none, and opens its stream again. */
    @Override
    public void onDoubt() {}

    @Override
    public void onNotice(String notice) {
        String[] words = notice.split(" ", WORDS);
        if (words[0].equals(REFRESH) && words.length == WORDS && peers.has(words[2])) {
            refreshHere(words[1], words[2], IdentityJson.read(words[3]));
        } else if (words[0].equals(REFRESHED) && words.length == 2) {
            UniEmitter<? super Void> waiter = waiting.remove(words[1]);
            if (waiter != null) {
                waiter.complete(null);
            }
        }
    }

    private void refreshHere(String request, String id, Identity newer) {
        peers.refresh(id, newer)
                .chain(isHere -> isHere
                        ? feed.broadcast(REFRESHED + ' ' + request)
                        : Uni.createFrom().voidItem())
                .subscribe()
                .with(
                        done -> {},
                        failure -> Log.debugf(failure, "Cannot refresh an event stream of another node's client"));
    }
}
