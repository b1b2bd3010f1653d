package dev.heliograph.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.heliograph.fixture.GatewayProcess;
import dev.heliograph.fixture.HttpConnection;
import dev.heliograph.fixture.Jwts;
import dev.heliograph.fixture.RedisServer;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketClientHandshakeException;
import io.netty.handler.codec.http.websocketx.WebSocketClientHandshakerFactory;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler.ClientHandshakeStateEvent;
import io.netty.handler.codec.http.websocketx.WebSocketVersion;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * 5000 clients with a token each come back at once, because their node was killed: how long until all are back, how the clients
 * of the other node fare meanwhile, and what a handshake costs. A benchmark, not a test: it asserts nothing and prints figures.
 * Clients, gateways and Redis share the machine.
 */
public final class ReconnectStorm {
    private static final int CLIENTS = 5000;
    private static final int BYSTANDERS = 200;
    private static final int EVENTS_PER_SECOND = 100;
    private static final int QUIET_SECONDS = 10;
    private static final int LIMIT_SECONDS = 120;
    /** As many as may connect at a time before the storm, so that it begins soon. */
    private static final int AT_A_TIME = 100;

    private static final int RETRY_MILLIS = 1000;
    private static final Pattern SENT_AT = Pattern.compile("\"at\":(\\d+)");

    private final EventLoopGroup loops = new NioEventLoopGroup(1);
    /** Their own, so that the lag is that of the gateway, not of the clients that come back. */
    private final EventLoopGroup bystanders = new NioEventLoopGroup(1);

    private final CountDownLatch isBack = new CountDownLatch(CLIENTS);
    private final Queue<Long> backAfter = new ConcurrentLinkedQueue<>();
    private final Queue<Long> lags = new ConcurrentLinkedQueue<>();
    private final AtomicInteger refusals = new AtomicInteger();
    private volatile long killedAt;
    private volatile int port;

    /** @param options of the node that is left, {@code key=value} */
    public static void main(String... options) throws Exception {
        new ReconnectStorm().run(options);
    }

    private void run(String... more) throws Exception {
        try (var redis = RedisServer.start();
                var lost = gateway(redis);
                var left = gateway(redis, more)) {
            connectAll(bystanders, left.port(), BYSTANDERS, "bystander", "orders-live");
            connectAll(loops, lost.port(), CLIENTS, "client", null);
            port = left.port();
            Thread publisher = new Thread(() -> publish(left.port()));
            publisher.setDaemon(true);
            publisher.start();
            TimeUnit.SECONDS.sleep(QUIET_SECONDS);
            lags.clear();
            TimeUnit.SECONDS.sleep(QUIET_SECONDS);
            report("lag of the other node's clients before, ms", lags);
            long cpuBefore = left.cpu().toMillis();
            TimeUnit.SECONDS.sleep(QUIET_SECONDS);
            long idleCpu = left.cpu().toMillis() - cpuBefore;
            lags.clear();

            killedAt = System.nanoTime();
            cpuBefore = left.cpu().toMillis();
            lost.kill();
            boolean areAllBack = isBack.await(LIMIT_SECONDS, TimeUnit.SECONDS);
            double seconds = (System.nanoTime() - killedAt) / 1e9;
            double cpu = left.cpu().toMillis() - cpuBefore - idleCpu * seconds / QUIET_SECONDS;
            System.out.printf(
                    "%d of %d are back after %.1f s, %d refusals on the way (%s)%n",
                    backAfter.size(), CLIENTS, seconds, refusals.get(), areAllBack ? "all" : "not all");
            report("back after, ms", backAfter);
            report("lag of the other node's clients meanwhile, ms", lags);
            System.out.printf("CPU of the other node for each client that came back: %.2f ms%n", cpu / CLIENTS);
        } finally {
            bystanders.shutdownGracefully(0, 1, TimeUnit.SECONDS);
            loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).await(5, TimeUnit.SECONDS);
        }
    }

    private static GatewayProcess gateway(RedisServer redis, String... more) {
        var options = new ArrayList<>(List.of(more));
        Jwts.config().forEach((key, value) -> options.add(key + "=" + value));
        options.add("quarkus.redis.hosts=" + redis.uri());
        return GatewayProcess.start(options.toArray(String[]::new));
    }

    private void connectAll(EventLoopGroup on, int to, int count, String name, String channel)
            throws InterruptedException {
        port = to;
        var room = new Semaphore(AT_A_TIME);
        for (int i = 0; i < count; i++) {
            room.acquire();
            String token = Jwts.token(name + i, Duration.ofHours(1), Jwts.ORDERS);
            new Client(on, token, channel == null ? "orders-" + i % 100 : channel, room::release).connect();
        }
        room.acquire(AT_A_TIME);
    }

    private void publish(int to) {
        String token = Jwts.token("publisher", Duration.ofHours(1), Jwts.ORDERS);
        try (var connection = HttpConnection.open(to)) {
            for (long next = System.nanoTime(); ; next += TimeUnit.SECONDS.toNanos(1) / EVENTS_PER_SECOND) {
                LockSupport.parkNanos(next - System.nanoTime());
                String event = "{\"channel\":\"orders-live\",\"type\":\"order.updated\",\"data\":{\"at\":"
                        + System.nanoTime() + "}}";
                String head = "POST /api/realtime/publish HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + token
                        + "\r\nContent-Type: application/json\r\nContent-Length: " + event.length() + "\r\n\r\n";
                connection.send((head + event).getBytes(US_ASCII));
                try (var answer = connection.answer()) {
                    answer.body().readAllBytes();
                }
            }
        } catch (Exception ended) {
            System.out.println("The publisher ended: " + ended);
        }
    }

    private static void report(String what, Queue<Long> nanos) {
        long[] sorted = nanos.stream().mapToLong(Long::longValue).sorted().toArray();
        if (sorted.length == 0) {
            System.out.println(what + ": none");
            return;
        }
        System.out.printf(
                "%s: p50 %.1f, p99 %.1f, most %.1f (%d)%n",
                what,
                sorted[sorted.length / 2] / 1e6,
                sorted[sorted.length * 99 / 100] / 1e6,
                sorted[sorted.length - 1] / 1e6,
                sorted.length);
    }

    private final class Client extends SimpleChannelInboundHandler<TextWebSocketFrame> {
        private final EventLoopGroup on;
        private final String token;
        private final String channel;
        private Runnable whenSubscribed;
        /** As the gateway says, and up to a second more. */
        private int waitMillis = RETRY_MILLIS;

        Client(EventLoopGroup on, String token, String channel, Runnable whenSubscribed) {
            this.on = on;
            this.token = token;
            this.channel = channel;
            this.whenSubscribed = whenSubscribed;
        }

        void connect() {
            var handshaker = WebSocketClientHandshakerFactory.newHandshaker(
                    URI.create("ws://127.0.0.1:" + port + "/api/realtime/ws"),
                    WebSocketVersion.V13,
                    null,
                    false,
                    new DefaultHttpHeaders().add("Authorization", "Bearer " + token));
            Client again = new Client(on, token, channel, whenSubscribed);
            new Bootstrap()
                    .group(on)
                    .channel(NioSocketChannel.class)
                    .handler(new ChannelInitializer<Channel>() {
                        @Override
                        protected void initChannel(Channel socket) {
                            socket.pipeline()
                                    .addLast(
                                            new HttpClientCodec(),
                                            new HttpObjectAggregator(65_536),
                                            new WebSocketClientProtocolHandler(handshaker, true, false),
                                            again);
                        }
                    })
                    .connect("127.0.0.1", port)
                    .addListener(connected -> {
                        if (!connected.isSuccess()) {
                            again.comeBack();
                        }
                    });
        }

        private void comeBack() {
            refusals.incrementAndGet();
            loops.schedule(
                    this::connect,
                    waitMillis + ThreadLocalRandom.current().nextInt(RETRY_MILLIS),
                    TimeUnit.MILLISECONDS);
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event == ClientHandshakeStateEvent.HANDSHAKE_COMPLETE) {
                context.writeAndFlush(
                        new TextWebSocketFrame("{\"id\":1,\"subscribe\":{\"channel\":\"" + channel + "\"}}"));
            }
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, TextWebSocketFrame frame) {
            String text = frame.text();
            if (text.startsWith("{\"id\":1,\"subscribed\"")) {
                if (whenSubscribed != null) {
                    whenSubscribed.run();
                    whenSubscribed = null;
                }
            } else if (text.startsWith("{\"event\"")) {
                Matcher at = SENT_AT.matcher(text);
                if (at.find()) {
                    lags.add(System.nanoTime() - Long.parseLong(at.group(1)));
                }
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
            if (failure instanceof WebSocketClientHandshakeException refused && refused.response() != null) {
                String seconds = refused.response().headers().get("Retry-After");
                waitMillis = seconds == null ? RETRY_MILLIS : 1000 * Integer.parseInt(seconds);
            }
            context.close();
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            if (killedAt == 0) {
                System.out.println("A connection ended before the storm");
                return;
            }
            if (whenSubscribed == null) {
                whenSubscribed = () -> {
                    backAfter.add(System.nanoTime() - killedAt);
                    isBack.countDown();
                };
                connect();
            } else {
                comeBack();
            }
        }
    }
}
