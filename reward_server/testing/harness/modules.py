"""ECMAScript modules as CommonJS, statement by statement at the starts of lines; a whole program keeps its lines.

Submissions and tests become parts of one script, in which neither `import` nor `export` may stand.
"""

import re

_IMPORT = re.compile(
    r"^[ \t]*import\s+(?:(?P<type>type)\s+)?(?:(?P<default>[\w$]+)\s*,?\s*)?"
    r"(?:\*\s*as\s+(?P<all>[\w$]+)|\{(?P<named>[^{}]*)\})?"
    r"\s*from\s*(?P<from>['\"][^'\"\n]+['\"])\s*;?|^[ \t]*import\s*(?P<bare>['\"][^'\"\n]+['\"])\s*;?",
    re.MULTILINE,
)
_NAMED_DEFAULT = re.compile(
    r"^export\s+default\s+(?=(?:async\s+)?(?:function\b\s*\*?|class)\s*(?!extends\b)([\w$]+))", re.MULTILINE
)
_DEFAULT = re.compile(r"^export\s+default\s+", re.MULTILINE)
_LIST = re.compile(r"^export\s*(?:type\s*)?\{([^{}]*)\}(?:\s*from\s*['\"][^'\"\n]+['\"])?\s*;?", re.MULTILINE)
_DECLARED = re.compile(
    r"^export\s+(?=(?:declare\s+)?(?:abstract\s+)?(?:async\s+)?"
    r"(type|interface|function\b\s*\*?|class|const\s+enum|enum|const|let|var|namespace)\s*([\w$]+)?)",
    re.MULTILINE,
)
_UNVALUED = frozenset({"type", "interface"})


def is_module(source: str) -> bool:
    """Say whether a program imports or exports as ECMAScript modules do."""
    return re.search(r"^(?:export\b|import\b\s*(?:[\w$*{'\"]))", source, re.MULTILINE) is not None


def as_script(source: str) -> str:
    """Return an ECMAScript module as a part of a script, with its exports in `module.exports`."""
    if not is_module(source):
        return source
    exported: dict[str, str] = {}

    def declared(match: re.Match[str]) -> str:
        if match[1] not in _UNVALUED and match[2]:
            exported[match[2]] = match[2]
        return ""

    def named_default(match: re.Match[str]) -> str:
        exported["default"] = match[1]
        return ""

    def listed(match: re.Match[str]) -> str:
        for item in match[1].split(","):
            names = item.split()
            if names and names[0] != "type":
                exported[names[-1]] = names[0]
        return "\n" * match[0].count("\n")

    source = _IMPORT.sub(_required, source)
    source = _NAMED_DEFAULT.sub(named_default, source)
    source = _DEFAULT.sub("module.exports.default = ", source)
    source = _DECLARED.sub(declared, _LIST.sub(listed, source))
    pairs = ", ".join(f"{name}: {own}" for name, own in exported.items())
    return f"{source}\n;Object.assign(module.exports, {{ {pairs} }});"


def _required(match: re.Match[str]) -> str:
    lines = "\n" * match[0].count("\n")
    if match["type"]:
        return lines
    if match["bare"]:
        return f"require({match['bare']});{lines}"
    asked = f"require({match['from']})"
    parts = []
    if match["default"]:
        parts.append(f"{match['default']} = (all => all && all.default !== undefined ? all.default : all)({asked})")
    if match["all"]:
        parts.append(f"{match['all']} = {asked}")
    if match["named"] is not None:
        names = [item.split() for item in match["named"].split(",") if item.split() and item.split()[0] != "type"]
        parts.append("{ " + ", ".join(f"{name[0]}: {name[-1]}" for name in names) + f" }} = {asked}")
    return f"const {', '.join(parts)};{lines}" if parts else f"{asked};{lines}"
