"""The typed tree a text is parsed into. Every node is a frozen record; equality is structural.

Scalars       Number, BasedInteger, Constant, Symbol, Sum, Product, Quotient, Negation, Power, Root, Call, Apply,
              PlusMinus, Series, Derivative, Percent, Measure
Collections   Group (a bracketed list: pair, interval, vector), SetOf, SetBuilder, SetOperation, NamedSet, Matrix,
              Listing (what a bare comma, "and" or "or" joins), Ratio, Piecewise
Statements    Relation (a chain such as `0 < x <= 1` or `x = 3`), Connected, Quantified
Others        Clock, CalendarDate, Words, Dots

`Call` names a known function (`functions`, `exact`), `Apply` a function without meaning of its own (`f(x)`). Angles in
degrees are a `Measure` with the unit `degree`. Nothing in a tree is evaluated or simplified, but for numerals.
"""

from flint import fmpq

from reward_server.mathematics.tree.record import record
from reward_server.mathematics.tree.unit import Unit


@record
class Number:
    """A numeral with its exact value; `places` counts the digits written after the point, None without a point."""

    value: fmpq
    places: int | None = None


@record
class BasedInteger:
    """`digits` written in `base`, as in `52_8`."""

    digits: str
    base: int


@record
class Constant:
    """`pi`, `e`, `i` or `infinity`."""

    name: str


@record
class Symbol:
    """A free letter, with its subscript and primes: `x`, `a_1`, `f'`, `alpha`."""

    name: str


@record
class Sum:
    """The sum of two or more terms."""

    terms: "tuple[Expr, ...]"


@record
class Product:
    """The product of two or more factors."""

    factors: "tuple[Expr, ...]"


@record
class Quotient:
    """`numerator / denominator`."""

    numerator: "Expr"
    denominator: "Expr"


@record
class Negation:
    """Minus the argument."""

    argument: "Expr"


@record
class Power:
    """`base ^ exponent`."""

    base: "Expr"
    exponent: "Expr"


@record
class Root:
    """The root written with a radical sign: real for real arguments where one exists."""

    radicand: "Expr"
    index: "Expr"


@record
class Call:
    """A known function at its arguments."""

    name: str
    arguments: "tuple[Expr, ...]"


@record
class Apply:
    """An unknown function, such as `f`, at its arguments."""

    name: str
    arguments: "tuple[Expr, ...]"


@record
class PlusMinus:
    """`±` its argument; `flipped` for `∓`. All of them in one expression choose their sign together."""

    argument: "Expr"
    flipped: bool = False


@record
class Series:
    """A `sum`, `product`, `integral` or `limit` of `body`; None for a bound that is not written.

    A limit has the point in `lower`.
    """

    kind: str
    body: "Expr"
    variable: str
    lower: "Expr | None" = None
    upper: "Expr | None" = None


@record
class Derivative:
    """The derivative of `body` by `variable`, `order` times."""

    body: "Expr"
    variable: str
    order: int = 1


@record
class Percent:
    """A percentage: the argument divided by 100."""

    argument: "Expr"


@record
class Measure:
    """A value with a unit."""

    value: "Expr"
    unit: Unit


@record
class Group:
    """Two or more items in brackets; `opening` is one of `( [ ] <`, `closing` one of `) ] [ >`."""

    opening: str
    items: "tuple[Expr, ...]"
    closing: str


@record
class SetOf:
    """A set by its elements; without elements, the empty set."""

    items: "tuple[Expr, ...]"


@record
class SetBuilder:
    """All values of `head` under `condition`."""

    head: "Expr"
    condition: "Expr"


@record
class SetOperation:
    """`union`, `intersection` or `difference` of sets, left to right."""

    operator: str
    arguments: "tuple[Expr, ...]"


@record
class NamedSet:
    """`R`, `Q`, `Z`, `N`, `C`, or `R+`, `R-`, `R*`, `R>=0`, `Z+`, `Z-` and the like."""

    name: str


@record
class Matrix:
    """Rows of entries; a column vector has rows of one."""

    rows: "tuple[tuple[Expr, ...], ...]"


@record
class Listing:
    """Several items without brackets; `word` is the strongest between them: `or`, `land` (the sign `∧`), `and`, `,`.

    Answers to several questions, `(a) 3; (b) 5`, have the word `PARTS`.
    """

    items: "tuple[Expr, ...]"
    word: str


PARTS = "parts"


@record
class Ratio:
    """`a : b : …`."""

    items: "tuple[Expr, ...]"


@record
class Piecewise:
    """Rows of (value, condition); None as condition is "otherwise"."""

    rows: "tuple[tuple[Expr, Expr | None], ...]"


@record
class Relation:
    """A chain: `operators[k]` stands between `sides[k]` and `sides[k + 1]`.

    Operators: those of `reading.vocabulary.RELATIONS`, such as `= != < <= > >= in notin ~ subset -> similar`, and
    `mod n` written as a congruence is the operator `=mod` with the modulus as one more side at the end.
    """

    sides: "tuple[Expr, ...]"
    operators: tuple[str, ...]


@record
class Connected:
    """Statements joined by `and`, `or`, `=>` or `<=>`, or denied by `not`."""

    operator: str
    operands: "tuple[Expr, ...]"


@record
class Quantified:
    """`forall`, `exists` or `exists!`, the letters it binds, each with its set or bound if it has one, and a body."""

    quantifier: str
    binding: "tuple[Expr, ...]"
    body: "Expr | None"


@record
class Clock:
    """A time of day in seconds after midnight; `half` is `am`, `pm` or empty."""

    seconds: int
    half: str


@record
class CalendarDate:
    """A date; the parts that are not stated are 0."""

    year: int
    month: int
    day: int


@record
class Words:
    """A short answer in words, folded: lower case, single spaces, no articles; `unread` if it holds mathematics."""

    text: str
    unread: bool = False


@record
class Dots:
    """An ellipsis among items."""


Expr = (
    Number | BasedInteger | Constant | Symbol | Sum | Product | Quotient | Negation | Power | Root | Call
    | Apply | PlusMinus | Series | Derivative | Percent | Measure | Group | SetOf | SetBuilder | SetOperation
    | NamedSet | Matrix | Listing | Ratio | Piecewise | Relation | Connected | Quantified | Clock | CalendarDate
    | Words | Dots
)  # fmt: skip
