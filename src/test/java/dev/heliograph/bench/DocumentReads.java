package dev.heliograph.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.heliograph.fixture.GatewayProcess;
import dev.heliograph.fixture.HttpConnection;
import dev.heliograph.fixture.RedisServer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * How fast documents are read while some are written: 1000 documents, asked for as Zipf says, 95 reads to 5 writes. First on
 * one node, then with the writes coming by way of another. Beside them documents are read that nobody has asked for yet,
 * which cannot be cached. A benchmark, not a test: it asserts nothing and prints figures.
 *
 * <p>A request's time begins when it is due, so that one that has to wait for the one before it is not told as fast. Each
 * kind of request has connections of its own: over HTTP/1.1 one kind would wait for the other. Beside them a thread only
 * sleeps: what it is late by, the machine took from all of them. Measured in rounds, as the first ones still compete with
 * the compiler.
 */
public final class DocumentReads {
    private static final int DOCUMENTS = 1000;
    /** Few, as they share the cores with the gateway; each asks again only when it is answered. */
    private static final int READERS = 2;

    private static final int READS_PER_SECOND = 950;
    private static final int WRITES_PER_SECOND = 50;
    private static final int COLD_READS_PER_SECOND = 20;
    private static final int WARM_UP_SECONDS = 20;
    private static final int ROUNDS = 3;
    private static final int SECONDS = 30;

    private final int readPort;
    private final int writePort;
    private final String names;
    private final ExecutorService threads;

    private enum Kind {
        /** Read from the cache. */
        CACHED,
        /** Read from Redis, though it was read before. */
        FRESH,
        /** Read from Redis, and followed, for the first time. */
        COLD,
        WRITE,
        SLEEP
    }

    private record Answered(Kind kind, long nanos) {}

    private DocumentReads(GatewayProcess read, GatewayProcess written, String names, ExecutorService threads) {
        this.readPort = read.port();
        this.writePort = written.port();
        this.names = names;
        this.threads = threads;
    }

    public static void main(String[] unused) throws Exception {
        ExecutorService threads = Executors.newCachedThreadPool();
        try (var redis = RedisServer.start();
                var node = gateway(redis)) {
            System.out.println("Written by way of the node that reads:");
            new DocumentReads(node, node, "orders-a", threads).measure();
            try (var other = gateway(redis)) {
                System.out.println("Written by way of another node:");
                new DocumentReads(node, other, "orders-b", threads).measure();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static GatewayProcess gateway(RedisServer redis) {
        return GatewayProcess.start(
                "quarkus.redis.hosts=" + redis.uri(), "heliograph.access.limits.poll.requests-per-second=0");
    }

    private void measure() throws Exception {
        create(names, DOCUMENTS);
        load(names + "-warm-up", WARM_UP_SECONDS);
        var rounds = new ArrayList<List<Answered>>();
        for (int round = 0; round < ROUNDS; round++) {
            rounds.add(load(names + "-round-" + round, SECONDS));
        }
        for (Kind kind : Kind.values()) {
            report(kind, rounds);
        }
        double cached = nanos(Kind.CACHED, rounds).length;
        System.out.printf(
                "CACHED: %.2f %% of CACHED and FRESH%n", 100 * cached / (cached + nanos(Kind.FRESH, rounds).length));
    }

    private List<Answered> load(String cold, int seconds) throws Exception {
        create(cold, COLD_READS_PER_SECOND * seconds);
        var running = new ArrayList<Future<List<Answered>>>();
        for (int i = 0; i < READERS; i++) {
            IntSupplier next = zipf(i);
            running.add(threads.submit(() -> ask(
                    readPort,
                    READS_PER_SECOND / READERS,
                    seconds,
                    () -> get(names + next.getAsInt()),
                    answer -> isCached(answer) ? Kind.CACHED : Kind.FRESH)));
        }
        var unread = new AtomicInteger();
        running.add(threads.submit(() -> ask(
                readPort,
                COLD_READS_PER_SECOND,
                seconds,
                () -> get(cold + unread.getAndIncrement()),
                answer -> isCached(answer) ? Kind.CACHED : Kind.COLD)));
        IntSupplier next = zipf(READERS);
        running.add(threads.submit(() -> ask(
                writePort,
                WRITES_PER_SECOND,
                seconds,
                () -> put(names + next.getAsInt(), "If-Match"),
                answer -> Kind.WRITE)));
        running.add(threads.submit(() -> sleep(seconds)));
        var all = new ArrayList<Answered>();
        for (Future<List<Answered>> each : running) {
            all.addAll(each.get());
        }
        return all;
    }

    private void create(String documents, int count) throws IOException {
        try (var connection = HttpConnection.open(writePort)) {
            for (int n = 0; n < count; n++) {
                ask(connection, put(documents + n, "If-None-Match"));
            }
        }
    }

    private static List<Answered> ask(
            int port,
            int requestsPerSecond,
            int seconds,
            Supplier<byte[]> requests,
            Function<HttpConnection.Answer, Kind> kind)
            throws IOException {
        var answers = new ArrayList<Answered>();
        long pause = 1_000_000_000L / requestsPerSecond;
        try (var connection = HttpConnection.open(port)) {
            long due = System.nanoTime();
            for (long end = due + seconds * 1_000_000_000L; due < end; due += pause) {
                byte[] request = requests.get();
                while (System.nanoTime() < due) {
                    LockSupport.parkNanos(due - System.nanoTime());
                }
                HttpConnection.Answer answer = ask(connection, request);
                answers.add(new Answered(kind.apply(answer), System.nanoTime() - due));
            }
        }
        return answers;
    }

    private static List<Answered> sleep(int seconds) {
        var wakings = new ArrayList<Answered>();
        long pause = 1_000_000_000L / READS_PER_SECOND;
        for (long end = System.nanoTime() + seconds * 1_000_000_000L, due; System.nanoTime() < end; ) {
            due = System.nanoTime() + pause;
            LockSupport.parkNanos(pause);
            wakings.add(new Answered(Kind.SLEEP, System.nanoTime() - due));
        }
        return wakings;
    }

    /** @return with its body read */
    private static HttpConnection.Answer ask(HttpConnection connection, byte[] request) throws IOException {
        connection.send(request);
        HttpConnection.Answer answer = connection.answer();
        byte[] body = answer.body().readAllBytes();
        if (answer.status() >= 300) {
            throw new IOException(answer.status() + " " + new String(body, US_ASCII));
        }
        return answer;
    }

    private static boolean isCached(HttpConnection.Answer answer) {
        return answer.header("Cache-Status").contains("hit");
    }

    private static byte[] get(String document) {
        return ("GET /api/realtime/documents/" + document + " HTTP/1.1\r\nHost: localhost\r\n\r\n").getBytes(US_ASCII);
    }

    private static byte[] put(String document, String condition) {
        String body = "{\"status\":\"paid\",\"at\":" + System.nanoTime() + ",\"note\":\"" + "x".repeat(500) + "\"}";
        return ("PUT /api/realtime/documents/" + document + " HTTP/1.1\r\nHost: localhost\r\n"
                        + "Content-Type: application/json\r\n" + condition + ": *\r\nContent-Length: "
                        + body.length() + "\r\n\r\n" + body)
                .getBytes(US_ASCII);
    }

    /** Numbers of documents, of which the n-th is asked for an n-th as often as the first. */
    private static IntSupplier zipf(int seed) {
        var random = new Random(seed);
        var cumulated = new double[DOCUMENTS];
        double sum = 0;
        for (int n = 0; n < DOCUMENTS; n++) {
            sum += 1.0 / (n + 1);
            cumulated[n] = sum;
        }
        double all = sum;
        return () -> {
            int found = Arrays.binarySearch(cumulated, random.nextDouble() * all);
            return Math.min(DOCUMENTS - 1, found < 0 ? -found - 1 : found);
        };
    }

    private static void report(Kind kind, List<List<Answered>> rounds) {
        long[] all = nanos(kind, rounds);
        if (all.length == 0) {
            System.out.printf("%s: none%n", kind);
            return;
        }
        String byRound = rounds.stream()
                .map(round -> nanos(kind, List.of(round)))
                .map(nanos -> nanos.length == 0 ? "-" : "%.2f".formatted(percentile(99, nanos)))
                .collect(Collectors.joining(" "));
        System.out.printf(
                "%s: %d, p50 %.2f ms, p99 %.2f ms (by round %s)%n",
                kind, all.length, percentile(50, all), percentile(99, all), byRound);
    }

    /** Sorted. */
    private static long[] nanos(Kind kind, List<List<Answered>> rounds) {
        return rounds.stream()
                .flatMap(List::stream)
                .filter(each -> each.kind() == kind)
                .mapToLong(Answered::nanos)
                .sorted()
                .toArray();
    }

    /** In milliseconds. */
    private static double percentile(int percent, long[] sortedNanos) {
        return sortedNanos[sortedNanos.length * percent / 100] / 1e6;
    }
}
