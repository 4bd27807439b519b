"""Options as data sets store them, as the mapping or the list that a task takes."""

from collections.abc import Mapping
from typing import Any

from reward_server.exact_json import text_of

_LABELS = ("label", "key", "letter")
_TEXTS = ("text", "content", "value")


def options_as_stored(options: Any) -> Any:
    """Return options by label where they are stored as `{"text": […], "label": […]}` (ARC) or a list of such pairs.

    Numbers become the text they are written as; whatever has another form comes back as it is.
    """
    if isinstance(options, Mapping):
        labels, texts = _pair(options)
        if isinstance(labels, list) and isinstance(texts, list) and len(labels) == len(texts):
            return _by_label(list(zip(labels, texts, strict=True)), options)
        return {label: _written(text) for label, text in options.items()}
    if not isinstance(options, list):
        return options
    if options and all(isinstance(one, Mapping) for one in options):
        return _by_label([_pair(one) for one in options], options)
    return [_written(text) for text in options]


def _pair(stored: Mapping[str, Any]) -> tuple[Any, Any]:
    """Return what stands for labels and for texts; None twice where that is not all that is stored."""
    pairs = [(stored[label], stored[text]) for label in _LABELS for text in _TEXTS if stored.keys() == {label, text}]
    return pairs[0] if pairs else (None, None)


def _by_label(pairs: list[tuple[Any, Any]], options: Any) -> Any:
    """Return texts by label; what was stored where a label stands twice or there is none."""
    found = {_written(label): _written(text) for label, text in pairs if isinstance(label, str | int)}
    return found if len(found) == len(pairs) else options


def _written(value: Any) -> Any:
    return text_of(value) if isinstance(value, int | float) and not isinstance(value, bool) else value
