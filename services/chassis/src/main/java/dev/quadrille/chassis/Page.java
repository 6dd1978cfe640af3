package dev.quadrille.chassis;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A part of a list.
///
/// @param next the cursor of the part that follows; null at the end
public record Page<T>(List<T> items, @Nullable String next) {

    /// Makes a page of rows of which one more was read than the page holds, to see whether another
    /// follows.
    ///
    /// @param place what the next page starts after
    public static <R, T> Page<T> of(
            List<R> rows, Limit limit, Function<R, T> item, Function<R, String> place) {
        boolean more = rows.size() > limit.value();
        var shown = more ? rows.subList(0, limit.value()) : rows;
        return new Page<>(
                shown.stream().map(item).toList(),
                more ? Cursor.after(place.apply(shown.getLast())).text() : null);
    }

    /// All there is, in one part.
    public static <T> Page<T> whole(List<T> items) {
        return new Page<>(items, null);
    }
}
