package dev.quadrille.sandbox;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A query of [Stripe's search](https://docs.stripe.com/search#search-query-language), of which
/// there are exact matches of `status` and of metadata, joined by `AND`. Stripe's finds what is
/// about a minute old; this one finds everything at once.
record Search(@Nullable String status, Map<String, String> metadata) {

    private static final String QUOTED = "(?:'([^']*)'|\"([^\"]*)\")";
    private static final Pattern CLAUSE =
            Pattern.compile("\\s*(?:status|metadata\\[" + QUOTED + "])\\s*:\\s*" + QUOTED + "\\s*");
    private static final Pattern AND = Pattern.compile("\\s+AND\\s+", Pattern.CASE_INSENSITIVE);

    static Search parse(String query) {
        String status = null;
        Map<String, String> metadata = new LinkedHashMap<>();
        for (String clause : AND.split(query, -1)) {
            Matcher matcher = CLAUSE.matcher(clause);
            if (!matcher.matches()) {
                throw new BadRequest(
                        ApiError.parameter(
                                null,
                                "We were unable to parse your search query. Here, a query is"
                                        + " status:'...' or metadata['...']:'...', joined by AND.",
                                "query"));
            }
            String key = first(matcher.group(1), matcher.group(2));
            String value = first(matcher.group(3), matcher.group(4));
            if (key == null) {
                status = value;
            } else if (value != null) {
                metadata.put(key, value);
            }
        }
        return new Search(status, metadata);
    }

    /// Null if it asks for no certain order.
    @Nullable String orderId() {
        return metadata.get(Terms.ORDER_ID);
    }

    boolean matches(Intent intent) {
        return (status == null || status.equals(StripeJson.status(intent)))
                && metadata.entrySet().stream()
                        .allMatch(wanted ->
                                wanted.getValue()
                                        .equals(intent.terms().metadata().get(wanted.getKey())));
    }

    private static @Nullable String first(@Nullable String one, @Nullable String other) {
        return one != null ? one : other;
    }
}
