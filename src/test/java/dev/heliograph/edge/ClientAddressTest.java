package dev.heliograph.edge;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

class ClientAddressTest {
    @Test
    void anIpv4AddressIsOneClient() {
        assertThat(ClientAddress.client("203.0.113.7")).isEqualTo("203.0.113.7");
    }

    @ParameterizedTest
    @CsvSource({
        "2001:db8:1:2::1,                     2001:db8:1:2::/64",
        "2001:db8:1:2:ffff:ffff:ffff:ffff,    2001:db8:1:2::/64",
        "2001:0DB8:0001:0002:0:0:0:9,         2001:db8:1:2::/64",
        "2001:db8:1:3::1,                     2001:db8:1:3::/64",
        "::1,                                 0:0:0:0::/64",
        "fe80::1%eth0,                        fe80:0:0:0::/64",
        "[2001:db8:1:2::1],                   2001:db8:1:2::/64",
        "::ffff:203.0.113.7,                  203.0.113.7",
    })
    void anIpv6NetworkIsOneClient(String address, String client) {
        assertThat(ClientAddress.client(address)).isEqualTo(client);
    }

    @ParameterizedTest
    @NullAndEmptySource
    @ValueSource(
            strings = {
                "unknown",
                "_hidden",
                "example.org",
                "example.org:80",
                "a:b",
                "1:2:3",
                ":",
                "[",
                "[:",
                "]:",
                "%a:b",
                "é::1"
            })
    void unreadableAddressesAreOneClient(String told) {
        assertThat(ClientAddress.client(told)).isEqualTo("unknown");
    }

    @Test
    void aLongTextIsNotRemembered() {
        assertThat(ClientAddress.client("1".repeat(8000))).isEqualTo("unknown");
    }
}
