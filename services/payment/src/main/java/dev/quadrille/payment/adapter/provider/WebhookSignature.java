package dev.quadrille.payment.adapter.provider;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/// The header `Stripe-Signature`, see [Stripe's
/// description](https://docs.stripe.com/webhooks#verify-manually): `t=` is the time of sending,
/// each `v1=` an HMAC-SHA256 of time, a full stop and the body. While Stripe replaces a secret it
/// signs with the old and the new one; while we replace it we know both.
final class WebhookSignature {

    /// Either way: an older one may be a replay, a newer one shows that a clock is wrong.
    static final Duration TOLERANCE = Duration.ofMinutes(5);

    private static final String ALGORITHM = "HmacSHA256";

    /// More than that are no seconds since 1970.
    private static final int MAX_TIME_DIGITS = 12;

    private WebhookSignature() {}

    static boolean isValid(
            @Nullable String header, byte[] body, List<String> secrets, Instant now) {
        if (header == null) {
            return false;
        }
        String time = null;
        var signatures = new ArrayList<byte[]>();
        for (var part : header.split(",", -1)) {
            var pair = part.strip();
            if (pair.startsWith("t=")) {
                time = pair.substring(2);
            } else if (pair.startsWith("v1=")) {
                signatures.add(bytes(pair.substring(3)));
            }
        }
        return time != null && isNear(time, now) && isSigned(time, body, secrets, signatures);
    }

    private static boolean isNear(String time, Instant now) {
        boolean isNumber =
                !time.isEmpty()
                        && time.length() <= MAX_TIME_DIGITS
                        && time.chars().allMatch(digit -> digit >= '0' && digit <= '9');
        return isNumber
                && Math.abs(now.getEpochSecond() - Long.parseLong(time)) <= TOLERANCE.toSeconds();
    }

    /// Every signature is compared to every secret's, and each comparison takes as long as any
    /// other: the time it takes tells nothing.
    private static boolean isSigned(
            String time, byte[] body, List<String> secrets, List<byte[]> signatures) {
        boolean signed = false;
        for (var secret : secrets) {
            var expected = hmac(secret, time, body);
            for (var signature : signatures) {
                signed |= MessageDigest.isEqual(expected, signature);
            }
        }
        return signed;
    }

    private static byte[] hmac(String secret, String time, byte[] body) {
        try {
            var mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), ALGORITHM));
            mac.update((time + ".").getBytes(StandardCharsets.UTF_8));
            return mac.doFinal(body);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
        }
    }

    /// Empty if it is no hexadecimal number, which no signature is.
    private static byte[] bytes(String hex) {
        try {
            return HexFormat.of().parseHex(hex);
        } catch (IllegalArgumentException _) {
            return new byte[0];
        }
    }
}
