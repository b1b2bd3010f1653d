package dev.heliograph.transport;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Serves the page with an {@code EventSource}, and takes the reports of what it is given. Any thread may ask. */
final class ReportServer implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int NO_BODY = -1;

    private final HttpServer server;
    private final List<Report> reports = new CopyOnWriteArrayList<>();

    /**
     * One event as the {@code EventSource} dispatched it.
     *
     * @param id its {@code lastEventId}
     * @param data null where the standard has none, as when the stream opens or breaks
     */
    record Report(String type, String id, JsonNode data) {}

    ReportServer(Path files) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/page.html", exchange -> serve(exchange, files, "text/html"));
        server.createContext("/listen.mjs", exchange -> serve(exchange, files, "text/javascript"));
        server.createContext("/report", this::take);
        server.start();
    }

    String origin() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    List<Report> reports(String type) {
        return reports.stream().filter(report -> report.type().equals(type)).toList();
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private static void serve(HttpExchange exchange, Path files, String contentType) throws IOException {
        byte[] body = Files.readAllBytes(
                files.resolve(exchange.getRequestURI().getPath().substring(1)));
        exchange.getResponseHeaders().set("Content-Type", contentType);
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private void take(HttpExchange exchange) throws IOException {
        JsonNode report = JSON.readTree(exchange.getRequestBody().readAllBytes());
        JsonNode data = report.path("data");
        reports.add(new Report(
                report.path("type").textValue(),
                report.path("id").asText(),
                data.isTextual() ? JSON.readTree(data.textValue()) : null));
        exchange.sendResponseHeaders(204, NO_BODY);
        exchange.close();
    }
}
