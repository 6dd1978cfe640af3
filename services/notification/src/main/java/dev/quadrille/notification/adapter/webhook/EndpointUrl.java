package dev.quadrille.notification.adapter.webhook;

import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The URL of an endpoint, taken apart.
///
/// @param host a name, or an address without brackets
/// @param target path and query
public record EndpointUrl(boolean tls, String host, int port, String target) {

    public static final int MAX_CHARACTERS = 2048;

    private static final Pattern ENDS_IN_NUMBER =
            Pattern.compile("(.*\\.)?([0-9]+|0[xX][0-9a-fA-F]*)\\.?");
    private static final Pattern IPV4 =
            Pattern.compile("(0|[1-9][0-9]{0,2})(\\.(0|[1-9][0-9]{0,2})){3}");

    private static final int HTTPS_PORT = 443;
    private static final int HTTP_PORT = 80;

    /// Says what is wrong with a URL, for whoever wrote it. What its name resolves to is seen at
    /// each call.
    ///
    /// @param privateAllowed see [WebhookConfig#allowPrivateAddresses()]
    public static Optional<String> fault(String url, boolean privateAllowed) {
        if (url.length() > MAX_CHARACTERS) {
            return Optional.of("must have at most " + MAX_CHARACTERS + " characters");
        }
        var uri = parse(url);
        if (uri == null
                || uri.getScheme() == null
                || !uri.getRawSchemeSpecificPart().startsWith("//")) {
            return Optional.of("must be an absolute URL");
        }
        boolean http = uri.getScheme().equalsIgnoreCase("http");
        if (!uri.getScheme().equalsIgnoreCase("https") && !(http && privateAllowed)) {
            return Optional.of(privateAllowed ? "must be http or https" : "must be https");
        }
        if (uri.getRawUserInfo() != null || uri.getRawFragment() != null) {
            return Optional.of("must have neither user nor fragment");
        }
        if (uri.getHost() == null || uri.getHost().contains("%") || isOdd(uri.getHost())) {
            return Optional.of("must name a host");
        }
        if (uri.getPort() == 0 || uri.getPort() > 0xFFFF) {
            return Optional.of("must have a port from 1 to 65535");
        }
        if (!privateAllowed && port(uri) != HTTPS_PORT) {
            return Optional.of("must have no other port than " + HTTPS_PORT);
        }
        return !privateAllowed && isInside(host(uri))
                ? Optional.of("must be in the public Internet")
                : Optional.empty();
    }

    /// @throws IllegalArgumentException if there is a fault
    static EndpointUrl of(String url) {
        if (fault(url, true).isPresent()) {
            throw new IllegalArgumentException("not the URL of an endpoint");
        }
        var uri = URI.create(url);
        var path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        return new EndpointUrl(
                uri.getScheme().equalsIgnoreCase("https"),
                host(uri),
                port(uri),
                uri.getRawQuery() == null ? path : path + '?' + uri.getRawQuery());
    }

    /// As it stands in the header `Host`.
    String authority() {
        var name = host.indexOf(':') < 0 ? host : '[' + host + ']';
        return port == (tls ? HTTPS_PORT : HTTP_PORT) ? name : name + ':' + port;
    }

    /// What ends in a number is an address ([URL,
    /// 3.5](https://url.spec.whatwg.org/#ends-in-a-number-checker)), and there are many ways to
    /// write one, such as 2130706433 and 0x7f.1. One of them will do.
    private static boolean isOdd(String host) {
        return ENDS_IN_NUMBER.matcher(host).matches() && !IPV4.matcher(host).matches();
    }

    private static @Nullable URI parse(String url) {
        if (!url.chars().allMatch(c -> c > ' ' && c <= '~')) {
            return null;
        }
        try {
            return new URI(url);
        } catch (URISyntaxException _) {
            return null;
        }
    }

    private static String host(URI uri) {
        var host = uri.getHost();
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    private static int port(URI uri) {
        return uri.getPort() != -1
                ? uri.getPort()
                : uri.getScheme().equalsIgnoreCase("https") ? HTTPS_PORT : HTTP_PORT;
    }

    /// An address that may not be called, or the name that means this machine (RFC 6761, 6.3).
    private static boolean isInside(String host) {
        var name = host.toLowerCase(Locale.ROOT).replaceFirst("\\.$", "");
        if (name.equals("localhost") || name.endsWith(".localhost")) {
            return true;
        }
        try {
            return !CallableAddress.mayCall(InetAddress.ofLiteral(host));
        } catch (IllegalArgumentException _) {
            return false; // a name
        }
    }

    /// Receivers like to put secrets into paths and queries.
    @Override
    public String toString() {
        return "***";
    }
}
