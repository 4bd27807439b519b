"""Language: the whole answer in one."""

from typing import Annotated

from pydantic import AfterValidator, Field

from reward_server.instructions import Finding, instruction
from reward_server.instructions.answer import Answer
from reward_server.instructions.language import code_of, share_of

_WHOLE = 0.85

Language = Annotated[str, Field(max_length=40), AfterValidator(code_of)]
"""A language's code, such as `de` or `zh-cn`."""


@instruction("language:response_language")
def response_language(answer: Answer, language: Language) -> Finding:
    """At least 85 % of the text, as CLD2 divides it, is in the language; what it cannot tell is not."""
    share = share_of(answer.text, language)
    return Finding(share >= _WHOLE, {"share": round(share, 2)})
