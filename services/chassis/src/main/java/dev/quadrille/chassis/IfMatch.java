package dev.quadrille.chassis;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Which states of a thing a client's change is meant for: the header `If-Match`, as [RFC
/// 9110](https://www.rfc-editor.org/rfc/rfc9110#section-13.1.1) has it. The entity tag of a thing
/// is its version.
///
/// @param any true if it may be in any state: `*`, or no such header
/// @param tags the strong tags, without their quotes
public record IfMatch(boolean any, Set<String> tags) {

    public static final String HEADER = "If-Match";

    // One element of the list, with the comma behind it. A list may have empty elements.
    private static final Pattern ELEMENT =
            Pattern.compile("[ \\t]*(?:(W/)?\"([!#-~\\x80-\\xFF]*)\"[ \\t]*)?(,|$)");

    public IfMatch {
        tags = Set.copyOf(tags);
    }

    /// @param lines of the header; several mean one list
    public static IfMatch of(@Nullable List<String> lines) {
        if (lines == null || lines.isEmpty()) {
            return new IfMatch(true, Set.of());
        }
        var text = String.join(",", lines);
        return text.strip().equals("*") ? new IfMatch(true, Set.of()) : list(text);
    }

    /// Weak tags never match: a change wants the very state that the client has seen.
    public boolean matches(long version) {
        return any || tags.contains(Long.toString(version));
    }

    /// What a client names the version by.
    public static String etag(long version) {
        return "\"" + version + "\"";
    }

    private static IfMatch list(String text) {
        var strong = new HashSet<String>();
        boolean empty = true;
        var element = ELEMENT.matcher(text);
        boolean more = true;
        while (more) {
            if (!element.lookingAt()) {
                throw malformed();
            }
            if (element.group(2) != null) {
                empty = false;
                if (element.group(1) == null) {
                    strong.add(element.group(2));
                }
            }
            more = element.group(3).equals(",");
            element.region(element.end(), text.length());
        }
        if (empty) {
            throw malformed();
        }
        return new IfMatch(false, strong);
    }

    private static RuntimeException malformed() {
        return Problem.badRequest(HEADER, "must be * or a list of entity tags such as \"3\"");
    }
}
