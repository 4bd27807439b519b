"""Ground truths of several parts, all of which the answer must give; each one found earns its share."""

from reward_server.mathematics.comparing.degenerate import no_value
from reward_server.mathematics.comparing.identity import Finding
from reward_server.mathematics.comparing.sequences import items_of, values
from reward_server.mathematics.comparing.trees import compare_trees
from reward_server.mathematics.comparison import Comparison
from reward_server.mathematics.options import MathOptions
from reward_server.mathematics.reading.texts import readings
from reward_server.mathematics.tree.nodes import Expr, Group, Listing, SetOf


def compare_all(truths: list[tuple[Expr, ...]], answer: str, options: MathOptions) -> Comparison:
    """Match the answer's values with the parts, one to one; in order where `options.ordered`."""
    best: Comparison | None = None
    for tree in readings(answer):
        if no_value(tree) is not None:
            continue
        given: list[Expr] = [tree]
        if isinstance(tree, Listing | SetOf | Group):
            given = values(items_of(tree))
        found = _matched(truths, given, options)
        if best is None or (found.score or 0.0) > (best.score or 0.0):
            best = found
    return best or Comparison(equal=False, method="no_value", evidence={"parts": len(truths)}, score=0.0)


def _matched(truths: list[tuple[Expr, ...]], given: list[Expr], options: MathOptions) -> Comparison:
    left: list[Expr | None] = list(given)
    right, unsure = 0, False
    for place, part in enumerate(truths):
        candidates = range(place, place + 1) if options.ordered else range(len(left))
        for index in candidates:
            candidate = left[index] if index < len(left) else None
            if candidate is None:
                continue
            found = _part(part, candidate, options)
            if found.equal:
                left[index] = None
                right += 1
                break
            unsure = unsure or found.equal is None
    surplus = max(0, len(given) - len(truths))
    score = right / (len(truths) + surplus)
    complete = right == len(truths) and not surplus
    equal = True if complete else None if unsure else False
    return Comparison(equal, "parts", {"right": right, "parts": len(truths), "given": len(given)}, score)


def _part(truth: tuple[Expr, ...], answer: Expr, options: MathOptions) -> Finding:
    findings = [compare_trees(reading, answer, options) for reading in truth]
    for wanted in (True, None):
        for found in findings:
            if found.equal is wanted:
                return found
    return findings[0]
