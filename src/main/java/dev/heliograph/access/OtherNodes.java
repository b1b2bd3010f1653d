package dev.heliograph.access;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** What other nodes said lately of their connections. Any thread may call. */
public final class OtherNodes {
    private final Map<String, Said> tallies = new ConcurrentHashMap<>();

    private record Said(Tally tally, long atNanos) {}

    /** @param node the name of another node */
    public void hear(String node, Tally tally, long nowNanos) {
        tallies.put(node, new Said(tally, nowNanos));
    }

    /** Forgets nodes that have said nothing for that long. */
    public void forget(Duration silence, long nowNanos) {
        tallies.values().removeIf(said -> nowNanos - said.atNanos > silence.toNanos());
    }

    int byAddress(String address) {
        return sum(address, Tally::addresses);
    }

    int bySubject(String client) {
        return sum(client, Tally::subjects);
    }

    private int sum(String client, Function<Tally, Map<String, Integer>> of) {
        int sum = 0;
        for (Said said : tallies.values()) {
            sum += of.apply(said.tally).getOrDefault(client, 0);
        }
        return sum;
    }
}
