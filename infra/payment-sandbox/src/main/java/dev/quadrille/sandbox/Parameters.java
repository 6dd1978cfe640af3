package dev.quadrille.sandbox;

import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The parameters of a request, form-encoded in its body or its query. Whoever reads them takes
/// them out one by one; what is left at the [#end] is unknown.
///
/// Every method throws [BadRequest] for a parameter that is not what it should be.
final class Parameters {

    private static final Pattern METADATA = Pattern.compile("metadata\\[([^\\[\\]]+)]");
    private static final int MAX_METADATA_KEYS = 50;
    private static final int MAX_METADATA_KEY_LENGTH = 40;
    private static final int MAX_METADATA_VALUE_LENGTH = 500;

    private final Map<String, String> all;
    private final Map<String, String> left;

    private Parameters(Map<String, String> all) {
        this.all = all;
        this.left = new LinkedHashMap<>(all);
    }

    static Parameters none() {
        return new Parameters(new LinkedHashMap<>());
    }

    static Parameters parse(String encoded) {
        Map<String, String> all = new LinkedHashMap<>();
        for (String pair : encoded.split("&", -1)) {
            if (pair.isEmpty()) {
                continue;
            }
            int equals = pair.indexOf('=');
            String name = decoded(equals < 0 ? pair : pair.substring(0, equals));
            String value = equals < 0 ? "" : decoded(pair.substring(equals + 1));
            if (name.endsWith("[]")) {
                all.merge(name, value, (items, item) -> items + "&" + item);
            } else if (all.put(name, value) != null) {
                // Otherwise one of the two would silently win.
                throw new BadRequest(
                        ApiError.parameter(null, "Received parameter twice: " + name, name));
            }
        }
        return new Parameters(all);
    }

    /// The same for the same parameters, in any order, at the same endpoint.
    ///
    /// Half of a SHA-256: long enough, and it is kept in memory for each key. A length stands
    /// before each part, so that no two requests give the same bytes.
    String fingerprint(String endpoint) {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
        update(digest, endpoint);
        new TreeMap<>(all)
                .forEach((name, value) -> {
                    update(digest, name);
                    update(digest, value);
                });
        byte[] half = Arrays.copyOf(digest.digest(), 16);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(half);
    }

    @Nullable String text(String name) {
        String value = left.remove(name);
        if (value != null && value.isEmpty()) {
            throw new BadRequest(
                    ApiError.parameter(
                            "parameter_invalid_empty",
                            "You passed an empty string for '"
                                    + name
                                    + "'. You should remove '"
                                    + name
                                    + "' from your request or supply a non-empty value.",
                            name));
        }
        return value;
    }

    String required(String name) {
        String value = text(name);
        if (value == null) {
            throw missing(name);
        }
        return value;
    }

    /// Empty or absent is null: for texts that may be unset.
    @Nullable String optionalText(String name) {
        String value = left.remove(name);
        return value == null || value.isEmpty() ? null : value;
    }

    long requiredAmount(String name) {
        return amount(name).orElseThrow(() -> missing(name));
    }

    /// 1 to [Terms#MAX_AMOUNT_MINOR].
    OptionalLong amount(String name) {
        OptionalLong number = integer(name);
        if (number.isPresent() && number.getAsLong() < 1) {
            throw new BadRequest(
                    ApiError.parameter(
                            "parameter_invalid_integer",
                            "This value must be greater than or equal to 1.",
                            name));
        }
        if (number.isPresent() && number.getAsLong() > Terms.MAX_AMOUNT_MINOR) {
            throw new BadRequest(
                    ApiError.parameter(
                            "amount_too_large",
                            "Amount must be no more than " + Terms.MAX_AMOUNT_MINOR,
                            name));
        }
        return number;
    }

    int limit(int otherwise, int max) {
        OptionalLong limit = integer("limit");
        if (limit.isPresent() && (limit.getAsLong() < 1 || limit.getAsLong() > max)) {
            throw new BadRequest(
                    ApiError.parameter(
                            "parameter_invalid_integer",
                            "This value must be from 1 to " + max + ".",
                            "limit"));
        }
        return (int) limit.orElse(otherwise);
    }

    /// Seconds since 1970, empty if absent.
    OptionalLong time(String name) {
        return integer(name);
    }

    /// Which properties are wanted whole instead of by their ids.
    ///
    /// @param among those that can be
    Set<String> expanded(String... among) {
        String wanted = text("expand[]");
        if (wanted == null) {
            return Set.of();
        }
        Set<String> properties = new LinkedHashSet<>(Arrays.asList(wanted.split("&", -1)));
        for (String property : properties) {
            if (!Arrays.asList(among).contains(property)) {
                throw new BadRequest(
                        ApiError.unreadable(
                                400, "This property cannot be expanded (" + property + ")."));
            }
        }
        return properties;
    }

    boolean flag(String name) {
        String value = text(name);
        if (value == null || value.equals("false")) {
            return false;
        }
        if (value.equals("true")) {
            return true;
        }
        throw new BadRequest(ApiError.parameter(null, "Invalid boolean: " + value, name));
    }

    <E extends Named> @Nullable E choice(String name, E[] among) {
        String value = text(name);
        if (value == null) {
            return null;
        }
        for (E each : among) {
            if (each.wire().equals(value)) {
                return each;
            }
        }
        throw new BadRequest(
                ApiError.parameter(
                        null,
                        Arrays.stream(among)
                                .map(Named::wire)
                                .collect(
                                        Collectors.joining(
                                                ", ", "Invalid " + name + ": must be one of ", "")),
                        name));
    }

    @Nullable TestMethod method(String name) {
        String value = text(name);
        if (value == null) {
            return null;
        }
        for (TestMethod each : TestMethod.values()) {
            if (each.wire().equals(value)) {
                return each;
            }
        }
        throw new BadRequest(ApiError.noSuch(400, "PaymentMethod", value, name));
    }

    Map<String, String> metadata() {
        Map<String, String> metadata = new LinkedHashMap<>();
        List<String> names = new ArrayList<>(left.keySet());
        for (String name : names) {
            Matcher matcher = METADATA.matcher(name);
            if (matcher.matches()) {
                String value = left.remove(name);
                checkMetadata(name, matcher.group(1), value);
                // An empty value unsets a key, and here there is nothing to unset.
                if (value != null && !value.isEmpty()) {
                    metadata.put(matcher.group(1), value);
                }
            }
        }
        if (metadata.size() > MAX_METADATA_KEYS) {
            throw new BadRequest(
                    ApiError.parameter(
                            null,
                            "Metadata can have up to " + MAX_METADATA_KEYS + " keys.",
                            "metadata"));
        }
        return metadata;
    }

    /// Takes parameters out that Stripe wants and that make no difference here.
    void tolerate(String... prefixes) {
        left.keySet()
                .removeIf(name ->
                        Arrays.stream(prefixes)
                                .anyMatch(p -> name.equals(p) || name.startsWith(p + "[")));
    }

    void end() {
        for (String name : left.keySet()) {
            throw new BadRequest(
                    ApiError.parameter(
                            "parameter_unknown", "Received unknown parameter: " + name, name));
        }
    }

    private OptionalLong integer(String name) {
        String value = text(name);
        if (value == null) {
            return OptionalLong.empty();
        }
        try {
            return OptionalLong.of(Long.parseLong(value));
        } catch (NumberFormatException _) {
            throw new BadRequest(
                    ApiError.parameter(
                            "parameter_invalid_integer", "Invalid integer: " + value, name));
        }
    }

    private static void checkMetadata(String name, String key, @Nullable String value) {
        if (key.length() > MAX_METADATA_KEY_LENGTH) {
            throw new BadRequest(
                    ApiError.parameter(
                            null,
                            "Metadata keys can have up to "
                                    + MAX_METADATA_KEY_LENGTH
                                    + " characters.",
                            name));
        }
        if (value != null && value.length() > MAX_METADATA_VALUE_LENGTH) {
            throw new BadRequest(
                    ApiError.parameter(
                            null,
                            "Metadata values can have up to "
                                    + MAX_METADATA_VALUE_LENGTH
                                    + " characters.",
                            name));
        }
    }

    private static BadRequest missing(String name) {
        return new BadRequest(
                ApiError.parameter(
                        "parameter_missing", "Missing required param: " + name + ".", name));
    }

    private static BadRequest unreadable(String why) {
        return new BadRequest(
                ApiError.unreadable(400, "Invalid request: the parameters cannot be read, " + why));
    }

    private static String decoded(String text) {
        try {
            String decoded = URLDecoder.decode(text, StandardCharsets.UTF_8);
            // That is what the decoder makes of bytes that are not UTF-8.
            if (decoded.indexOf('\uFFFD') < 0) {
                return decoded;
            }
        } catch (IllegalArgumentException _) {
            // Said below, together with the bytes that are no text.
        }
        throw unreadable("their percent-encoding is broken");
    }

    private static void update(MessageDigest digest, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
        digest.update(bytes);
    }
}
