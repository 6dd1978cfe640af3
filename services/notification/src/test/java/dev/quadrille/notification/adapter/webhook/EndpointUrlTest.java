package dev.quadrille.notification.adapter.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointUrlTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://receiver.example",
                "https://receiver.example/hooks?key=1",
                "HTTPS://receiver.example:443/",
                "https://8.8.8.8/",
                "https://[2606:4700:4700::1111]/",
                "https://xn--grn-ioa.example/",
            })
    void aUrlInTheInternetWillDo(String url) {
        assertThat(EndpointUrl.fault(url, false)).isEmpty();
        assertThat(EndpointUrl.fault(url, true)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "http://receiver.example/, https",
        "https://receiver.example:8443/, port",
        "https://receiver.example:80/, port",
        "https://127.0.0.1/, Internet",
        "https://[::ffff:127.0.0.1]/, Internet",
        "https://[::1]/, Internet",
        "https://10.1.2.3/hook, Internet",
        "https://169.254.169.254/latest/meta-data, Internet",
        "https://localhost/, Internet",
        "https://LocalHost/, Internet",
        "https://localhost./, Internet",
        "https://a.localhost/, Internet",
    })
    void whatIsInsideIsAFaultUnlessItIsAllowed(String url, String fault) {
        assertThat(EndpointUrl.fault(url, false)).get().asString().contains(fault);
        assertThat(EndpointUrl.fault(url, true)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "/hooks",
                "//receiver.example/",
                "https:receiver.example",
                "https:///hooks",
                "https://",
                "ftp://receiver.example/",
                "file:///etc/passwd",
                "https://ada@receiver.example/",
                "https://ada:pw@receiver.example/",
                "https://@receiver.example/",
                "https://receiver.example/#part",
                "https://receiver.example:0/",
                "https://receiver.example:65536/",
                "https://receiver.example:-1/",
                "https://receiver.example/a b",
                "https://receiver.example/\r\nX: y",
                "https://grün.example/",
                "https://2130706433/", // 127.0.0.1 in one number
                "https://0x7f.1/",
                "https://0x7f000001/",
                "https://127.1/",
                "https://0177.0.0.1/",
                "https://1.2.3.4.5/",
                "https://[fe80::1%25eth0]/",
                "https://[::1/",
                "https://a_b.example/",
                "https://receiver.example\\@127.0.0.1/",
                "https://receiver.example%00/",
            })
    void whatIsNoUrlOfAnEndpointIsAFaultAnyway(String url) {
        assertThat(EndpointUrl.fault(url, true)).isPresent();
        assertThatThrownBy(() -> EndpointUrl.of(url)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aUrlIsOfBoundedLength() {
        var longest = "https://receiver.example/".length();

        assertThat(
                        EndpointUrl.fault(
                                "https://receiver.example/" + "x".repeat(2048 - longest), false))
                .isEmpty();
        assertThat(
                        EndpointUrl.fault(
                                "https://receiver.example/" + "x".repeat(2049 - longest), false))
                .isPresent();
    }

    @ParameterizedTest
    @CsvSource({
        "https://receiver.example, true, receiver.example, 443, /, receiver.example",
        "http://receiver.example:80?a=b, false, receiver.example, 80, /?a=b, receiver.example",
        "http://[::1]:8080/x%20y, false, ::1, 8080, /x%20y, [::1]:8080",
    })
    void aUrlIsTakenApart(
            String text, boolean tls, String host, int port, String target, String authority) {
        var url = EndpointUrl.of(text);

        assertThat(url.tls()).isEqualTo(tls);
        assertThat(url.host()).isEqualTo(host);
        assertThat(url.port()).isEqualTo(port);
        assertThat(url.target()).isEqualTo(target);
        assertThat(url.authority()).isEqualTo(authority);
        assertThat(url).hasToString("***");
    }
}
