package dev.heliograph.node;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** Keeps a gateway that asks nobody who they are off the network. */
final class ListenAddress {
    private ListenAddress() {}

    /**
     * @param host the name or address that the HTTP server is to listen on
     * @param isMeant whether it may, because it asks who they are, or because that was said
     * @throws IllegalStateException if others than this machine could reach it and it is not meant
     */
    static void require(String host, boolean isMeant) {
        if (isMeant || isLoopback(host)) {
            return;
        }
        throw new IllegalStateException("quarkus.http.host is " + host
                + ", an address that others can reach, and there is no key: everyone could publish and listen. Configure"
                + " heliograph.access.jwt or heliograph.access.keys, or use quarkus.http.host=127.0.0.1, or set"
                + " heliograph.access.anonymous=true if that is what you want.");
    }

    private static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException unresolvable) {
            return false;
        }
    }
}
