package dev.quadrille.notification.adapter.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CallableAddressTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.1.1.1",
                "8.8.8.8",
                "9.255.255.255",
                "11.0.0.0",
                "100.63.255.255",
                "100.128.0.0",
                "126.255.255.255",
                "128.0.0.0",
                "169.253.255.255",
                "169.255.0.0",
                "172.15.255.255",
                "172.32.0.0",
                "192.0.1.0",
                "192.167.255.255",
                "192.169.0.0",
                "198.17.255.255",
                "198.20.0.0",
                "223.255.255.255",
                "2606:4700:4700::1111",
                "2001:200::1",
                "2400:cb00::1",
                "3ffe::1",
                "64:ff9b::8.8.8.8", // NAT64 of a public address
                "2002:808:808::1", // 6to4 of a public address
                "::ffff:8.8.8.8", // Java makes it 8.8.8.8
            })
    void publicAddressesMayBeCalled(String address) {
        assertThat(CallableAddress.mayCall(InetAddress.ofLiteral(address))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0",
                "0.255.255.255",
                "10.0.0.0",
                "10.255.255.255",
                "100.64.0.0",
                "100.127.255.255",
                "127.0.0.1",
                "127.255.255.254",
                "169.254.0.1",
                "169.254.169.254",
                "172.16.0.0",
                "172.31.255.255",
                "192.0.0.8",
                "192.0.2.1",
                "192.88.99.1",
                "192.168.0.0",
                "192.168.255.255",
                "198.18.0.0",
                "198.19.255.255",
                "198.51.100.1",
                "203.0.113.255",
                "224.0.0.1",
                "239.255.255.255",
                "240.0.0.1",
                "255.255.255.255",
                "2130706433", // 127.0.0.1 in one number
                "127.1",
                "::",
                "::1",
                "::127.0.0.1", // IPv4-compatible
                "::8.8.8.8",
                "::ffff:127.0.0.1",
                "::ffff:10.0.0.1",
                "64:ff9b::127.0.0.1", // NAT64
                "64:ff9b::a9fe:a9fe",
                "64:ff9b:1::1", // NAT64 of a house
                "100::1", // discarded
                "2001::1", // Teredo
                "2001:0:4136:e378:8000:63bf:3fff:fdd2",
                "2001:2::1", // benchmarks
                "2001:10::1",
                "2001:db8::1",
                "2002:7f00:1::1", // 6to4 of 127.0.0.1
                "2002:a00:1::1",
                "2002:c0a8:101::1",
                "3fff::1",
                "3fff:fff::1",
                "4000::1", // unassigned
                "5f00::1",
                "fc00::1",
                "fd12:3456:789a::1",
                "fd00:ec2::254", // metadata on IPv6
                "fe80::1",
                "fec0::1",
                "ff02::1",
            })
    void whatIsInsideMayNotBeCalled(String address) {
        assertThat(CallableAddress.mayCall(InetAddress.ofLiteral(address))).isFalse();
    }

    /// Java turns such an address into an IPv4 one; were it to stop, it would still not be called.
    @Test
    void aMappedAddressIsNotCalledAsSuch() throws UnknownHostException {
        var mapped = HexFormat.of().parseHex("00000000000000000000ffff7f000001");

        assertThat(CallableAddress.mayCall(InetAddress.getByAddress(mapped))).isFalse();
    }
}
