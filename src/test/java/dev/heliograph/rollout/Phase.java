package dev.heliograph.rollout;

import dev.heliograph.fixture.Wire;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** A part of a rollout, and what the crowd was delivered in it. Belongs to the crowd's loop until the rollout is over. */
public final class Phase {
    private static final int TENTHS = 10;

    private final String name;
    private final long began = System.nanoTime();
    /** How many deliveries took so many tenths of a millisecond. */
    private final TreeMap<Long, Long> lags = new TreeMap<>();

    private final Map<Wire, List<Long>> told = new EnumMap<>(Wire.class);
    private final List<Long> comings = new ArrayList<>();
    private long deliveries;
    private int cuts;

    Phase(String name) {
        this.name = name;
        for (Wire wire : Wire.values()) {
            told.put(wire, new ArrayList<>());
        }
    }

    void delivered(long lagNanos) {
        deliveries++;
        lags.merge(TimeUnit.NANOSECONDS.toMicros(lagNanos) / 100, 1L, Long::sum);
    }

    void told(Wire wire) {
        told.get(wire).add(System.nanoTime() - began);
    }

    void came() {
        comings.add(System.nanoTime() - began);
    }

    void cut() {
        cuts++;
    }

    public String name() {
        return name;
    }

    public long deliveries() {
        return deliveries;
    }

    /** How many connections ended or were refused without a hint of the node. */
    public int cuts() {
        return cuts;
    }

    /** The time from publish to the client within which this share of the deliveries came; zero if there are none. */
    public Duration lag(double share) {
        long wanted = (long) Math.ceil(share * deliveries);
        long seen = 0;
        for (Map.Entry<Long, Long> each : lags.entrySet()) {
            seen += each.getValue();
            if (seen >= wanted) {
                return Duration.ofNanos(TimeUnit.MICROSECONDS.toNanos(100 * each.getKey()));
            }
        }
        return Duration.ZERO;
    }

    /** How many clients of a wire were told to move in each tenth of the window, and after it. */
    public List<Integer> toldByTenths(Wire wire, Duration window) {
        return byTenths(told.get(wire), window);
    }

    /** How many connections the clients tried in each tenth of the window, and after it. */
    public List<Integer> comingsByTenths(Duration window) {
        return byTenths(comings, window);
    }

    private static List<Integer> byTenths(List<Long> nanos, Duration window) {
        var tenths = new int[TENTHS + 1];
        for (long each : nanos) {
            tenths[(int) Math.min(TENTHS, each * TENTHS / window.toNanos())]++;
        }
        return Arrays.stream(tenths).boxed().toList();
    }
}
