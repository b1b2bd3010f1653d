package dev.heliograph.edge;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;

/** Tells clients apart by address, as finely as networks hand addresses out. */
final class ClientAddress {
    private static final String UNKNOWN = "unknown";
    private static final int LONGEST = 45;
    private static final int GROUPS_OF_A_NETWORK = 4;

    private ClientAddress() {}

    /** The name under which the client of a request is counted as long as it does not say who it is. */
    static String of(HttpServerRequest request) {
        SocketAddress address = request.remoteAddress();
        return client(address == null ? null : address.host());
    }

    /**
     * The name under which a client is counted: its IPv4 address, or the /64 network of its IPv6 address, of which one
     * client may use any.
     *
     * @param address as the socket or a trusted proxy tells it; null, or no address at all, counts as one common client
     */
    static String client(String address) {
        if (address == null || address.isEmpty() || address.length() > LONGEST) {
            return UNKNOWN;
        }
        if (address.indexOf(':') < 0) {
            return isLikeIpv4(address) ? address : UNKNOWN;
        }
        // Proxies write [2001:db8::1], and link-local addresses come with the interface: fe80::1%eth0.
        int start = address.charAt(0) == '[' ? 1 : 0;
        int scope = address.indexOf('%');
        int end = scope >= 0 ? scope : address.length() - (address.endsWith("]") ? 1 : 0);
        return network(address.substring(start, Math.max(start, end)));
    }

    private static String network(String address) {
        if (address.indexOf(':') < 0 || (address.charAt(0) != ':' && Character.digit(address.charAt(0), 16) < 0)) {
            // Java would ask a name server for it.
            return UNKNOWN;
        }
        try {
            InetAddress parsed = InetAddress.getByName(address);
            if (parsed instanceof Inet4Address mapped) {
                return mapped.getHostAddress();
            }
            byte[] bytes = parsed.getAddress();
            var network = new StringBuilder();
            for (int group = 0; group < GROUPS_OF_A_NETWORK; group++) {
                int value = (bytes[2 * group] & 0xff) << 8 | bytes[2 * group + 1] & 0xff;
                network.append(Integer.toHexString(value)).append(':');
            }
            return network.append(":/64").toString();
        } catch (UnknownHostException malformed) {
            return UNKNOWN;
        }
    }

    private static boolean isLikeIpv4(String address) {
        for (int i = 0; i < address.length(); i++) {
            char c = address.charAt(i);
            if (c != '.' && (c < '0' || c > '9')) {
                return false;
            }
        }
        return true;
    }
}
