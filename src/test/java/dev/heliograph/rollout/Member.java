package dev.heliograph.rollout;

import com.fasterxml.jackson.databind.JsonNode;
import dev.heliograph.fixture.Wire;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A client of the {@link Crowd} that listens to one channel. When its connection ends, it waits as long as the node said, and
 * goes on at the next address with its cursor. Belongs to the crowd's loop.
 */
abstract class Member {
    private static final int LONGEST_OWN_WAIT_MILLIS = 1000;

    private final Crowd crowd;
    private final Wire wire;
    private final String channel;
    private int address;
    private int connection;
    private String cursor = "";
    private long newest;
    private long lost;
    private long twice;
    private boolean isListening;

    Member(Crowd crowd, Wire wire, String channel, int address) {
        this.crowd = crowd;
        this.wire = wire;
        this.channel = channel;
        this.address = address;
    }

    /** @param connection to be told to {@link #comeBack} when this connection has ended, or was not made */
    abstract void connect(int port, int connection);

    final void connect() {
        crowd.phase().came();
        connect(crowd.port(address), connection);
    }

    final Crowd crowd() {
        return crowd;
    }

    final String channel() {
        return channel;
    }

    final boolean isListening() {
        return isListening;
    }

    /** How many of so many events it was not told of. */
    final long missing(long published) {
        return lost + published - newest;
    }

    final long twice() {
        return twice;
    }

    /** Empty before the first connection. */
    final String cursor() {
        return cursor;
    }

    /** From here on it misses nothing. */
    final void listenFrom(String position) {
        cursor = position;
        isListening = true;
    }

    final void take(JsonNode event) {
        cursor = event.path("cursor").textValue();
        JsonNode data = event.path("data");
        crowd.phase().delivered(System.nanoTime() - data.path("at").longValue());
        long number = data.path("n").longValue();
        if (number <= newest) {
            twice++;
        } else {
            lost += number - newest - 1;
            newest = number;
        }
    }

    final void tellToMove() {
        crowd.phase().told(wire);
    }

    /** The node did not say how long to wait. */
    final void comeBackAfterCut(int ended) {
        if (ended == connection && !crowd.isClosed()) {
            crowd.phase().cut();
        }
        comeBack(ended, ThreadLocalRandom.current().nextInt(LONGEST_OWN_WAIT_MILLIS));
    }

    /** Does nothing if this connection's end was seen before. */
    final void comeBack(int ended, long waitMillis) {
        if (ended == connection && !crowd.isClosed()) {
            connection++;
            address++;
            isListening = false;
            crowd.after(waitMillis, this::connect);
        }
    }
}
