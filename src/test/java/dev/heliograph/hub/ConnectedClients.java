package dev.heliograph.hub;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;

/** Clients that are connected to event loops of a test's own. */
abstract class ConnectedClients {
    private final EventLoopGroup loops;
    private final TestClient.Server server;
    final List<TestClient> clients = new ArrayList<>();
    final TestFormat format = new TestFormat();

    ConnectedClients(int loopCount) {
        loops = new NioEventLoopGroup(loopCount);
        server = new TestClient.Server(loops);
    }

    @AfterEach
    void stop() {
        clients.forEach(TestClient::close);
        server.close();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    TestClient connect(WireFormat wireFormat) throws Exception {
        TestClient client = server.connect(wireFormat);
        clients.add(client);
        return client;
    }
}
