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
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.LongStream;

/**
 * How fast documents are read while some are written: 1000 documents, asked for as Zipf says, 95 reads to 5 writes, on one
 * node and one Redis. A benchmark, not a test: it asserts nothing and prints figures. A request's time begins when it is
 * due, so that one that has to wait for the one before it is not told as fast; writes come over a connection of their own,
 * as HTTP/1.1 would have a read wait for the client's own write before it. Beside them a thread only sleeps: what it is
 * late by, the machine took from all of them. Measured in rounds, as the first ones still compete with the compiler.
 */
public final class DocumentReads {
    private static final int DOCUMENTS = 1000;
    /** Few, as they share the cores with the gateway; each asks again only when it is answered. */
    private static final int READERS = 2;

    private static final int READS_PER_SECOND = 950;
    private static final int WRITES_PER_SECOND = 50;
    private static final int WARM_UP_SECONDS = 20;
    private static final int ROUNDS = 5;
    private static final int SECONDS = 30;

    private DocumentReads() {}

    private enum Kind {
        NEAR,
        FRESH,
        WRITE,
        SLEEP
    }

    private record Answered(Kind kind, long nanos) {}

    public static void main(String[] unused) throws Exception {
        try (var redis = RedisServer.start();
                var gateway = GatewayProcess.start(
                        "quarkus.redis.hosts=" + redis.uri(), "heliograph.access.limits.poll.requests-per-second=0")) {
            createAll(gateway.port());
            ExecutorService threads = Executors.newFixedThreadPool(READERS + 2);
            try {
                load(gateway.port(), threads, WARM_UP_SECONDS);
                var rounds = new ArrayList<List<Answered>>();
                for (int round = 0; round < ROUNDS; round++) {
                    rounds.add(load(gateway.port(), threads, SECONDS));
                }
                for (Kind kind : Kind.values()) {
                    report(rounds, kind);
                }
                double near = count(rounds, Kind.NEAR);
                System.out.printf("near-cache hits: %.2f %%%n", 100 * near / (near + count(rounds, Kind.FRESH)));
            } finally {
                threads.shutdownNow();
            }
        }
    }

    private static void createAll(int port) throws IOException {
        try (var connection = HttpConnection.open(port)) {
            for (int n = 0; n < DOCUMENTS; n++) {
                ask(connection, put(n, 0, "If-None-Match"));
            }
        }
    }

    private static List<Answered> load(int port, ExecutorService threads, int seconds) throws Exception {
        var running = new ArrayList<Future<List<Answered>>>();
        for (int i = 0; i < READERS; i++) {
            var random = new Random(i);
            running.add(
                    threads.submit(() -> ask(port, random, seconds, READS_PER_SECOND / READERS, DocumentReads::get)));
        }
        var random = new Random(READERS);
        running.add(threads.submit(() -> ask(
                port, random, seconds, WRITES_PER_SECOND, document -> put(document, random.nextInt(), "If-Match"))));
        running.add(threads.submit(() -> sleep(seconds)));
        var all = new ArrayList<Answered>();
        for (Future<List<Answered>> each : running) {
            all.addAll(each.get());
        }
        return all;
    }

    private static List<Answered> ask(
            int port, Random random, int seconds, int requestsPerSecond, IntFunction<byte[]> request)
            throws IOException {
        double[] cumulated = zipf();
        var answers = new ArrayList<Answered>();
        long pause = 1_000_000_000L / requestsPerSecond;
        try (var connection = HttpConnection.open(port)) {
            long due = System.nanoTime();
            for (long end = due + seconds * 1_000_000_000L; due < end; due += pause) {
                int found = Arrays.binarySearch(cumulated, random.nextDouble());
                int document = Math.min(DOCUMENTS - 1, found < 0 ? -found - 1 : found);
                byte[] next = request.apply(document);
                while (System.nanoTime() < due) {
                    LockSupport.parkNanos(due - System.nanoTime());
                }
                Kind kind = ask(connection, next);
                answers.add(new Answered(kind, System.nanoTime() - due));
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

    private static Kind ask(HttpConnection connection, byte[] request) throws IOException {
        connection.send(request);
        HttpConnection.Answer answer = connection.answer();
        byte[] body = answer.body().readAllBytes();
        if (answer.status() >= 300) {
            throw new IOException(answer.status() + " " + new String(body, US_ASCII));
        }
        if (request[0] == 'P') {
            return Kind.WRITE;
        }
        return answer.header("Cache-Status").contains("hit") ? Kind.NEAR : Kind.FRESH;
    }

    private static byte[] get(int document) {
        return ("GET /api/realtime/documents/orders-" + document + " HTTP/1.1\r\nHost: localhost\r\n\r\n")
                .getBytes(US_ASCII);
    }

    private static byte[] put(int document, int number, String condition) {
        String body = "{\"status\":\"paid\",\"n\":" + number + ",\"note\":\"" + "x".repeat(500) + "\"}";
        return ("PUT /api/realtime/documents/orders-" + document + " HTTP/1.1\r\nHost: localhost\r\n"
                        + "Content-Type: application/json\r\n" + condition + ": *\r\nContent-Length: "
                        + body.length() + "\r\n\r\n" + body)
                .getBytes(US_ASCII);
    }

    private static double[] zipf() {
        var cumulated = new double[DOCUMENTS];
        double sum = 0;
        for (int n = 0; n < DOCUMENTS; n++) {
            sum += 1.0 / (n + 1);
            cumulated[n] = sum;
        }
        for (int n = 0; n < DOCUMENTS; n++) {
            cumulated[n] /= sum;
        }
        return cumulated;
    }

    private static long count(List<List<Answered>> rounds, Kind kind) {
        return rounds.stream().mapToLong(round -> nanos(round, kind).length).sum();
    }

    private static void report(List<List<Answered>> rounds, Kind kind) {
        long[] all = rounds.stream()
                .flatMapToLong(round -> LongStream.of(nanos(round, kind)))
                .sorted()
                .toArray();
        if (all.length == 0) {
            System.out.printf("%s: none%n", kind);
            return;
        }
        double[] byRound = rounds.stream()
                .map(round -> nanos(round, kind))
                .filter(nanos -> nanos.length > 0)
                .mapToDouble(nanos -> percentile(99, nanos))
                .toArray();
        System.out.printf(
                "%s: %d, p50 %.2f ms, p99 by round%s, all %.2f, median %.2f ms%n",
                kind,
                all.length,
                percentile(50, all),
                DoubleStream.of(byRound).mapToObj(" %.2f"::formatted).collect(Collectors.joining()),
                percentile(99, all),
                DoubleStream.of(byRound).sorted().toArray()[byRound.length / 2]);
    }

    private static long[] nanos(List<Answered> answers, Kind kind) {
        return answers.stream()
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
