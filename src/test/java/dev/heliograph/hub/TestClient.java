package dev.heliograph.hub;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.heliograph.event.Channel;
import dev.heliograph.hub.Hub.Subscriber;
import dev.heliograph.log.Position;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;

/** A real socket with a hub's outlet at one end and a test at the other. */
final class TestClient implements Subscriber, AutoCloseable {
    final AtomicBoolean wasTooSlow = new AtomicBoolean();
    final AtomicBoolean hasFailed = new AtomicBoolean();
    final Queue<String> lines = new ConcurrentLinkedQueue<>();
    private static final Pattern PADDING = Pattern.compile(" x*$");
    private final Socket socket;
    private final Outlet outlet;

    private TestClient(Socket socket, Outlet outlet) {
        this.socket = socket;
        this.outlet = outlet;
    }

    /** A listening socket on loopback whose connections become clients. */
    static final class Server implements AutoCloseable {
        private final io.netty.channel.Channel listening;
        private final BlockingQueue<SocketChannel> accepted = new LinkedBlockingQueue<>();

        Server(EventLoopGroup loops) {
            listening = new ServerBootstrap()
                    .group(loops)
                    .channel(NioServerSocketChannel.class)
                    .childHandler(new ChannelInitializer<SocketChannel>() {
                        @Override
                        protected void initChannel(SocketChannel channel) {
                            accepted.add(channel);
                        }
                    })
                    .bind(InetAddress.getLoopbackAddress(), 0)
                    .syncUninterruptibly()
                    .channel();
        }

        TestClient connect(WireFormat format) throws IOException, InterruptedException {
            var socket = new Socket();
            // Small enough that a client which does not read fills it, large enough to read on at speed.
            socket.setReceiveBufferSize(128 * 1024);
            socket.connect(new InetSocketAddress(
                    InetAddress.getLoopbackAddress(), ((InetSocketAddress) listening.localAddress()).getPort()));
            SocketChannel channel = accepted.take();
            var outlet = new SocketOutlet(channel, format);
            channel.pipeline().addLast(new ResumeWhenWritable(outlet));
            return new TestClient(socket, outlet);
        }

        @Override
        public void close() {
            listening.close().syncUninterruptibly();
        }
    }

    private static final class ResumeWhenWritable extends ChannelInboundHandlerAdapter {
        private final Outlet outlet;

        ResumeWhenWritable(Outlet outlet) {
            this.outlet = outlet;
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext context) {
            if (context.channel().isWritable()) {
                outlet.onWritable();
            }
        }
    }

    /** Starts on the event loop; completes with the position after which entries follow. */
    CompletableFuture<Position> subscribe(Hub hub, Channel channel, Set<String> types, Position after) {
        return subscribe(hub, channel, new Filter(types, Set.of(Kind.EVENTS)), after);
    }

    CompletableFuture<Position> subscribe(Hub hub, Channel channel, Filter filter, Position after) {
        var started = new CompletableFuture<Position>();
        outlet.loop().execute(() -> hub.subscription(channel, filter, this)
                .start(after)
                .subscribe()
                .with(started::complete, started::completeExceptionally));
        return started;
    }

    /** Begins to collect lines, in a thread of its own. */
    TestClient read() {
        var reader = new Thread(
                () -> {
                    try (var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8))) {
                        for (String line = in.readLine(); line != null; line = in.readLine()) {
                            lines.add(PADDING.matcher(line).replaceFirst(""));
                        }
                    } catch (IOException closed) {
                        // The test is over.
                    }
                },
                "test client");
        reader.setDaemon(true);
        reader.start();
        return this;
    }

    /** The positions of the events that came so far. */
    List<Position> positions() {
        return lines.stream()
                .filter(line -> line.startsWith("event "))
                .map(line -> Position.parse(line.split(" ")[1]))
                .toList();
    }

    List<String> syncs() {
        return lines.stream().filter(line -> line.startsWith("sync ")).toList();
    }

    @Override
    public Outlet outlet() {
        return outlet;
    }

    @Override
    public void onFailed(Channel channel) {
        hasFailed.set(true);
    }

    @Override
    public void onTooSlow(Channel channel) {
        wasTooSlow.set(true);
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }
}
