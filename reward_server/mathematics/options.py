"""The policies of a comparison: what counts as the same answer where mathematics alone does not say."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class MathOptions(BaseModel):
    """How answers are read and compared. Every default is what data sets with plain ground truths expect."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    tolerance: Literal["significant", "stated", "absolute", "relative", "exact"] = "significant"
    r"""How close a number must be. `significant`: the same number, or a decimal correct to `significant_digits` where
    the ground truth is no decimal and no integer; a decimal ground truth is exact, `2.0` does not accept 1.96, unless
    it says that it is rounded (`\approx 3.14`, "about 3.14"), which makes it `stated`. `stated`: a ground truth with
    d digits after the point also accepts what rounds to it. `absolute` and `relative`: within `epsilon`. `exact`: only
    the same number."""
    epsilon: float = Field(default=1e-6, gt=0, le=1)
    """The bound of the `absolute` and `relative` tolerances."""
    significant_digits: int | None = Field(default=6, ge=3, le=50)
    """How many digits a decimal answer to an exact, non-integer ground truth must have right; None refuses
    decimals that are not exact."""
    units: Literal["optional", "required", "ignore"] = "optional"
    """`optional`: a missing unit is accepted, a convertible one converted, a conflicting one wrong, and so are
    other things counted (10 oranges for 10 apples). `required`: a ground truth with a unit needs one. `ignore`: units
    are dropped on both sides."""
    percent: Literal["lenient", "strict"] = "lenient"
    """`lenient`: 10% equals 0.1 and, where only one side has the sign, also 10. `strict`: 10% equals 0.1 alone."""
    ordered: bool | None = None
    """Whether the order of several values counts. None: as written, so tuples and vectors are ordered, sets are not,
    and neither is a bare list such as `1, 2, 3`."""
    form: Literal["exact", "decimal"] | None = None
    """`exact` refuses an answer with a decimal point unless the ground truth has one; `decimal` refuses one that is
    not an integer or a decimal; None accepts any form."""
    case_sensitive: bool = True
    """Whether the symbols `R` and `r` differ. Words, option letters and units never depend on it."""
    combine: Literal["any", "all"] = "any"
    """What a ground truth given as a list means: `any` of them is right, or the answer must give `all`, in order or
    not as `ordered` says, with partial credit for each one found."""
