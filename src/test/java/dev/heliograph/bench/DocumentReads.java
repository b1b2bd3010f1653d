package dev.heliograph.bench;

import dev.heliograph.fixture.GatewayProcess;
import dev.heliograph.fixture.RedisServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;

/**
 * How fast documents are read while some are written: 1000 documents, asked for as Zipf says, 95 reads to 5 writes, on one
 * node and one Redis. A benchmark, not a test: it asserts nothing and prints figures.
 */
public final class DocumentReads {
    private static final int DOCUMENTS = 1000;
    private static final int CLIENTS = 8;
    private static final int REQUESTS_PER_SECOND = 1000;
    private static final int WARM_UP_SECONDS = 20;
    private static final int SECONDS = 30;
    private static final double WRITES = 0.05;

    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private DocumentReads() {}

    /** @param kind {@code near}, {@code fresh} or {@code write} */
    private record Answered(String kind, long nanos) {}

    public static void main(String[] unused) throws Exception {
        try (var redis = RedisServer.start();
                var gateway = GatewayProcess.start(
                        "quarkus.redis.hosts=" + redis.uri(), "heliograph.access.limits.poll.requests-per-second=0")) {
            var threads = Executors.newFixedThreadPool(CLIENTS);
            try {
                for (int n = 0; n < DOCUMENTS; n++) {
                    send(request(gateway, n).header("If-None-Match", "*").PUT(body(0)));
                }
                load(gateway, threads, WARM_UP_SECONDS, Integer.MAX_VALUE);
                List<Answered> answers = load(gateway, threads, SECONDS, REQUESTS_PER_SECOND);
                report(answers, "near");
                report(answers, "fresh");
                report(answers, "write");
                double near = count(answers, "near");
                System.out.printf("near-cache hits: %.1f %%%n", 100 * near / (near + count(answers, "fresh")));
            } finally {
                threads.shutdownNow();
            }
        }
    }

    /** @param perSecond how many requests, if it can be done */
    private static List<Answered> load(GatewayProcess gateway, ExecutorService threads, int seconds, int perSecond)
            throws Exception {
        var running = new ArrayList<Future<List<Answered>>>();
        for (int i = 0; i < CLIENTS; i++) {
            int seed = i;
            running.add(threads.submit(() -> ask(gateway, new Random(seed), seconds, perSecond)));
        }
        var all = new ArrayList<Answered>();
        for (Future<List<Answered>> each : running) {
            all.addAll(each.get());
        }
        return all;
    }

    private static List<Answered> ask(GatewayProcess gateway, Random random, int seconds, int perSecond)
            throws Exception {
        double[] cumulated = zipf();
        var answers = new ArrayList<Answered>();
        long pause = 1_000_000_000L * CLIENTS / perSecond;
        long end = System.nanoTime() + seconds * 1_000_000_000L;
        for (long next = System.nanoTime(); System.nanoTime() < end; next += pause) {
            LockSupport.parkNanos(next - System.nanoTime());
            int found = Arrays.binarySearch(cumulated, random.nextDouble());
            int document = Math.min(DOCUMENTS - 1, found < 0 ? -found - 1 : found);
            boolean writes = random.nextDouble() < WRITES;
            long start = System.nanoTime();
            HttpResponse<String> answer = writes
                    ? send(request(gateway, document).header("If-Match", "*").PUT(body(random.nextInt())))
                    : send(request(gateway, document).GET());
            long took = System.nanoTime() - start;
            boolean isNear =
                    answer.headers().firstValue("Cache-Status").orElse("").contains("hit");
            answers.add(new Answered(writes ? "write" : isNear ? "near" : "fresh", took));
        }
        return answers;
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

    private static HttpRequest.Builder request(GatewayProcess gateway, int document) {
        return HttpRequest.newBuilder(URI.create(gateway.httpUri() + "/api/realtime/documents/orders-" + document))
                .header("Content-Type", "application/json");
    }

    private static HttpRequest.BodyPublisher body(int number) {
        return BodyPublishers.ofString(
                "{\"status\":\"paid\",\"n\":" + number + ",\"note\":\"" + "x".repeat(500) + "\"}");
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<String> answer = HTTP.send(request.build(), BodyHandlers.ofString());
        if (answer.statusCode() >= 300) {
            throw new IOException(answer.statusCode() + " " + answer.body());
        }
        return answer;
    }

    private static long count(List<Answered> answers, String kind) {
        return answers.stream().filter(each -> each.kind().equals(kind)).count();
    }

    private static void report(List<Answered> answers, String kind) {
        long[] nanos = answers.stream()
                .filter(each -> each.kind().equals(kind))
                .mapToLong(Answered::nanos)
                .sorted()
                .toArray();
        System.out.printf(
                "%s: %d, p50 %.2f ms, p99 %.2f ms%n",
                kind, nanos.length, nanos[nanos.length / 2] / 1e6, nanos[nanos.length * 99 / 100] / 1e6);
    }
}
