"""What the program's process evaluates for a test, and what is evaluated here instead.

Over there: methods and items of its own objects, what changes an object it holds, built-ins such as `len` and `sorted`
over a result that may be an iterator, `map` with its own function. Here: everything that gives a truth value, so that a
program cannot make a claim true by a class of its own.
"""

import ast
from typing import Any

from reward_server.testing.claims.spelling import argument_source, spelled_value
from reward_server.testing.claims.unknowns import (
    UNKNOWN,
    Foreign,
    Held,
    Remote,
    Scope,
    Unknown,
    Unsplittable,
)
from reward_server.testing.claims.vocabulary import ALL_METHODS, BUILTINS, METHODS, MUTATING
from reward_server.testing.claims.walking import Walk

PUSHED = frozenset({"list", "tuple", "set", "frozenset", "dict", "sorted", "len", "str", "repr", "sum", "max", "min"})
"""Built-ins applied to a call where it runs. None of them gives a truth value: what is claimed is decided here."""
_WITH_FUNCTION = frozenset({"map", "filter", "sorted", "max", "min"})


def method(walk: Walk, node: ast.Call, attribute: ast.Attribute, scope: Scope) -> Any:
    """Call a method: of the program's object over there, of a string or list here."""
    owner, name = walk.lazy(attribute.value, scope), attribute.attr
    if isinstance(owner, Remote) and not _is_built_in_method(owner, name):
        walk.remotes.absorb(owner)
        owner = Foreign(owner.source)
    if isinstance(owner, Foreign):
        source = walk.attribute_of(owner, name).source
        arguments = argument_source(walk, node, scope)
        return walk.remotes.call(f"{source}({arguments})", instance=walk.makers.makes_objects(source))
    if not isinstance(owner, Remote):
        close = owner is walk.modules["numpy"] and name in ("allclose", "isclose", "array_equal")
        return walk.call_here(walk.attribute_of(owner, name), _without_arrays(node) if close else node, scope)
    value = walk.resolved(owner)
    given = walk.items(node.args, scope)
    named = {str(keyword.arg): walk.value(keyword.value, scope) for keyword in node.keywords if keyword.arg}
    if value is UNKNOWN or isinstance(given, Unknown) or any(item is UNKNOWN for item in named.values()):
        return UNKNOWN
    if name not in METHODS.get(type(value), ()):
        raise AttributeError(f"{type(value).__name__} has no {name}")
    return getattr(value, name)(*given, **named)


def _is_built_in_method(owner: Remote, name: str) -> bool:
    return name in ALL_METHODS and not owner.instance and not (isinstance(owner, Held) and name in MUTATING)


def builtin(walk: Walk, node: ast.Call, name: str, scope: Scope) -> Any:
    """Call a built-in: over there where it goes over a result or takes the program's function, else here."""
    given = lazy_items(walk, node.args, scope)
    named = {str(keyword.arg): walk.lazy(keyword.value, scope) for keyword in node.keywords if keyword.arg}
    if len(named) < len(node.keywords):
        raise Unsplittable("test code unpacks keyword arguments")
    if _takes_function(name, given, named) or _goes_over_result(node, name, given, named):
        parts = [_spelled(walk, each) for each in given]
        parts += [f"{key}={_spelled(walk, each)}" for key, each in named.items()]
        call = f"{name}({', '.join(parts)})"
        return walk.remotes.call(f"list({call})" if name in ("map", "filter") else call)
    if name in ("all", "any", "sum", "list") and node.args and _compares_arrays(node.args[0]):
        raise Unsplittable("a comparison is gone over, as only arrays allow")
    positional = [walk.resolved(each) for each in given]
    named = {key: walk.resolved(each) for key, each in named.items()}
    return walk.apply(BUILTINS[name], UNKNOWN if any(each is UNKNOWN for each in positional) else positional, named)


def _without_arrays(node: ast.Call) -> ast.Call:
    """Return a call with `np.array(x)` among its arguments replaced by `x`, which is equally close."""
    return ast.Call(node.func, [_without_array(argument) for argument in node.args], node.keywords)


def _without_array(node: ast.expr) -> ast.expr:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and len(node.args) == 1:
        return node.args[0] if node.func.attr in ("array", "asarray") and not node.keywords else node
    return node


def _compares_arrays(node: ast.expr) -> bool:
    called = node.func.attr if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) else ""
    return isinstance(node, ast.Compare) or called in ("isclose", "equal")


def _takes_function(name: str, given: list[Any], named: dict[str, Any]) -> bool:
    if name not in _WITH_FUNCTION:
        return False
    first = given[:1] if name in ("map", "filter") else []
    functions = [*first, *(named[key] for key in ("key",) if key in named)]
    return any(
        isinstance(each, Remote) or (isinstance(each, Foreign) and not each.source.isupper()) for each in functions
    )


def _goes_over_result(node: ast.Call, name: str, given: list[Any], named: dict[str, Any]) -> bool:
    if name not in PUSHED or len(given) != 1 or not isinstance(given[0], Remote):
        return False
    made = isinstance(given[0], Held) or isinstance(node.args[0], ast.Call)
    return made and not any(callable(each) or each is UNKNOWN for each in named.values())


def _spelled(walk: Walk, value: Any) -> str:
    if isinstance(value, Remote):
        walk.remotes.absorb(value)
    if value is UNKNOWN:
        raise Unsplittable("an input is computed from one of the program's values")
    return spelled_value(walk, value, fresh=False)


def item(walk: Walk, node: ast.Subscript, scope: Scope) -> Any:
    """Return an item: of the program's own object or of a fresh result over there, else here."""
    owner = walk.lazy(node.value, scope)
    key = _slice(walk, node.slice, scope) if isinstance(node.slice, ast.Slice) else walk.value(node.slice, scope)
    if isinstance(owner, Foreign) or (isinstance(owner, Remote) and (owner.instance or not isinstance(owner, Held))):
        if key is UNKNOWN:
            raise Unsplittable("which item is looked at depends on one of the program's values")
        if isinstance(owner, Remote):
            walk.remotes.absorb(owner)
        return walk.remotes.call(f"{owner.source}[{_spelled_key(walk, key)}]")
    owner = walk.resolved(owner)
    return UNKNOWN if UNKNOWN in (owner, key) else walk.shared.read(owner[key], walk.literal)


def _spelled_key(walk: Walk, key: Any) -> str:
    if isinstance(key, slice):
        return ":".join("" if part is None else walk.literal(part) for part in (key.start, key.stop, key.step))
    return walk.literal(key)


def _slice(walk: Walk, node: ast.Slice, scope: Scope) -> Any:
    parts = [None if part is None else walk.value(part, scope) for part in (node.lower, node.upper, node.step)]
    return UNKNOWN if UNKNOWN in parts else slice(*parts)


def lazy_items(walk: Walk, nodes: list[ast.expr], scope: Scope) -> list[Any]:
    """Return the values of arguments, calls to the program among them unresolved."""
    found: list[Any] = []
    for node in nodes:
        if not isinstance(node, ast.Starred):
            found.append(walk.lazy(node, scope))
            continue
        values = walk.value(node.value, scope)
        if values is UNKNOWN:
            raise Unsplittable("one of the program's values is spread over arguments")
        found.extend(values)
    return found
