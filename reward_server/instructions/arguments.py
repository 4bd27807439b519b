"""Kinds of arguments, as annotations of checks."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field

_LONGEST = 100_000


def _whole(value: Any) -> Any:
    """Read `4.0` and `"4"` as data sets store the number 4."""
    if isinstance(value, bool):
        raise ValueError("true and false are no numbers")  # noqa: TRY004 # pydantic reports ValueErrors
    return value


def _one_text(value: Any) -> Any:
    return value[0] if isinstance(value, list) and len(value) == 1 else value


def _stripped(value: str) -> str:
    if not value.strip():
        raise ValueError("is empty")
    return value.strip()


Count = Annotated[int, BeforeValidator(_whole), Field(ge=0, le=10_000_000)]
"""How many: an integer from 0; `4.0` is one."""
Position = Annotated[int, BeforeValidator(_whole), Field(ge=1, le=10_000_000)]
"""Which one, from 1."""
Percentage = Annotated[float, BeforeValidator(_whole), Field(ge=0, le=100)]
Text = Annotated[str, BeforeValidator(_one_text), AfterValidator(_stripped), Field(max_length=_LONGEST)]
"""A text that says something, without white space around it; a list of one is taken too."""
Exact = Annotated[str, Field(min_length=1, max_length=_LONGEST)]
"""A text in which white space counts."""
Texts = Annotated[list[Text], Field(min_length=1, max_length=1_000)]
Letter = Annotated[str, Field(min_length=1, max_length=1)]
Relation = Literal["less than", "at least"]


def compared(number: int, relation: Relation, bound: int) -> bool:
    """Tell whether a number is `less than` or `at least` the bound."""
    return number < bound if relation == "less than" else number >= bound
