"""`org.javatuples` in source, for Java programs that mention it: every prompt of MultiPL-E imports it.

The classes have what programs and tests use of the library: constructors, `with`, values by number, `setAtN`, `size`,
`contains`, `indexOf`, `toList`, `toArray`, iteration, equality, order and text.
"""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

_NAMES = ("Unit", "Pair", "Triplet", "Quartet", "Quintet", "Sextet", "Septet", "Octet", "Ennead", "Decade")
_TUPLE = """package org.javatuples;
import java.util.*;
public abstract class Tuple implements Iterable<Object>, java.io.Serializable, Comparable<Tuple> {
    private final List<Object> values;
    protected Tuple(Object... values) { this.values = Collections.unmodifiableList(Arrays.asList(values)); }
    public abstract int getSize();
    public final Object getValue(int at) { return values.get(at); }
    public final Iterator<Object> iterator() { return values.iterator(); }
    public final boolean contains(Object value) { return values.contains(value); }
    public final boolean containsAll(Collection<?> all) { return values.containsAll(all); }
    public final boolean containsAll(Object... all) { return values.containsAll(Arrays.asList(all)); }
    public final int indexOf(Object value) { return values.indexOf(value); }
    public final int lastIndexOf(Object value) { return values.lastIndexOf(value); }
    public final List<Object> toList() { return values; }
    public final Object[] toArray() { return values.toArray(); }
    @Override public final String toString() { return values.toString(); }
    @Override public final int hashCode() { return 31 + values.hashCode(); }
    @Override public final boolean equals(Object other) {
        return other != null && other.getClass() == getClass() && values.equals(((Tuple) other).values);
    }
    @SuppressWarnings({"unchecked", "rawtypes"})
    public int compareTo(Tuple other) {
        int shared = Math.min(values.size(), other.values.size());
        for (int at = 0; at < shared; at++) {
            int order = ((Comparable) values.get(at)).compareTo(other.values.get(at));
            if (order != 0) return order;
        }
        return Integer.compare(values.size(), other.values.size());
    }
}
"""


@cache
def tuple_files() -> Mapping[str, bytes]:
    """Return the library as files of a Java program."""
    classes = {name: _class(name, count) for count, name in enumerate(_NAMES, start=1)}
    files = {"Tuple": _TUPLE, **classes}
    return MappingProxyType({f"library/org/javatuples/{name}.java": text.encode() for name, text in files.items()})


def _class(name: str, count: int) -> str:
    letters = "ABCDEFGHIJ"[:count]
    types = ", ".join(letters)
    given = ", ".join(f"{letter} value{at}" for at, letter in enumerate(letters))
    values = ", ".join(f"value{at}" for at in range(count))
    lines = [
        f"package org.javatuples;\npublic final class {name}<{types}> extends Tuple {{",
        *(f"    private final {letter} value{at};" for at, letter in enumerate(letters)),
        f"    public {name}({given}) {{ super({values});",
        *(f"        this.value{at} = value{at};" for at in range(count)),
        f"    }}\n    public int getSize() {{ return {count}; }}",
        f"    public static <{types}> {name}<{types}> with({given}) {{ return new {name}<>({values}); }}",
    ]
    for at, letter in enumerate(letters):
        lines.append(f"    public {letter} getValue{at}() {{ return value{at}; }}")
        changed = ", ".join("value" if other == at else f"value{other}" for other in range(count))
        other_types = ", ".join("X" if other == at else letters[other] for other in range(count))
        lines.append(f"    public <X> {name}<{other_types}> setAt{at}(X value) {{ return new {name}<>({changed}); }}")
    return "\n".join([*lines, "}\n"])
