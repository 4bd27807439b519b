"""Completions from a server that speaks OpenAI's protocol, such as vLLM, in place of a model in this process.

Each completion is a request of its own with a seed of its own, so that its length in tokens is known and the same call
draws the same again where the server honours seeds; a server with a prefix cache reads each prompt once all the same.
"""

import json
import os
import urllib.error
import urllib.request
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import stamina
import torch

from trainer_client.training.evaluate import Sampling
from trainer_client.training.problems import Problem
from trainer_client.training.rollout import Rollouts

_AT_ONCE = 64
_SECONDS = 3600.0
_ATTEMPTS = 4
_MAY_PASS = frozenset({408, 409, 425, 429, 500, 502, 503, 504})


class EndpointError(ValueError):
    """The endpoint refused, or said what is no answer; the message has its words."""


class _Busy(Exception):  # noqa: N818 - named after the state
    """It may answer when it is asked again."""


@dataclass(frozen=True)
class Endpoint:
    """`POST {url}/chat/completions`; `OPENAI_API_KEY` goes along where it is set."""

    url: str
    """Up to and with the version, such as `http://127.0.0.1:8001/v1`."""
    model: str
    key: str = field(default_factory=lambda: os.environ.get("OPENAI_API_KEY", ""), repr=False)

    def sample(self, problems: Sequence[Problem], sampling: Sampling) -> Rollouts:
        """Return `sampling.k` completions of each problem; rows of one problem are neighbours.

        Text and lengths alone are known: the record has neither tokens nor their probabilities.

        Raises:
            EndpointError: see there.
        """
        asked = [(problem.prompt, sampling.seed + n) for problem in problems for n in range(sampling.k)]
        with ThreadPoolExecutor(_AT_ONCE) as threads:
            answers = list(threads.map(lambda one: self._complete(one[0], one[1], sampling), asked))
        rows = len(answers)
        return Rollouts(
            ids=torch.zeros(rows, 1, dtype=torch.long),
            valid=torch.ones(rows, 1, dtype=torch.bool),
            prompt_width=1,
            lengths=torch.tensor([tokens for _, tokens, _ in answers]),
            finished=torch.tensor([finished for _, _, finished in answers]),
            logp=torch.zeros(rows, 0),
            temperature=sampling.temperature,
            top_p=sampling.top_p,
            texts=[text for text, _, _ in answers],
        )

    def _complete(self, prompt: str, seed: int, sampling: Sampling) -> tuple[str, int, bool]:
        """Return a completion's text, its length in tokens and whether it came to its end."""
        wanted = {
            "model": self.model,
            "messages": [{"role": "user", "content": prompt}],
            "max_tokens": sampling.max_new_tokens,
            "temperature": sampling.temperature,
            "top_p": sampling.top_p,
            "seed": seed,
        }
        answer = self._post(wanted)
        try:
            choice = answer["choices"][0]
            message = choice["message"]
            text, thought = message.get("content") or "", message.get("reasoning_content")
            tokens = int((answer.get("usage") or {}).get("completion_tokens") or 0)
        except (KeyError, IndexError, TypeError, AttributeError) as error:
            raise EndpointError(f"{self.url}: no completion in what it answered: {str(answer)[:300]}") from error
        return (f"<think>{thought}</think>{text}" if thought else text), tokens, choice.get("finish_reason") != "length"

    def _post(self, body: dict[str, Any]) -> Any:
        headers = {"content-type": "application/json"} | ({"authorization": f"Bearer {self.key}"} if self.key else {})
        request = urllib.request.Request(  # noqa: S310 - the user's own address
            f"{self.url.rstrip('/')}/chat/completions", json.dumps(body).encode(), headers
        )
        try:
            for attempt in stamina.retry_context(on=_Busy, attempts=_ATTEMPTS, wait_initial=0.5):
                with attempt:
                    return _answer(request)
        except _Busy as error:
            raise EndpointError(f"{self.url} does not answer: {error}") from error
        raise AssertionError("unreachable")


def _answer(request: urllib.request.Request) -> Any:
    try:
        with urllib.request.urlopen(request, timeout=_SECONDS) as answer:  # noqa: S310
            return json.load(answer)
    except urllib.error.HTTPError as error:
        said = f"HTTP {error.code}: {error.read()[:300].decode(errors='replace')}"
        if error.code in _MAY_PASS:
            raise _Busy(said) from error
        raise EndpointError(f"{request.full_url}: {said}") from error
    except (OSError, ValueError) as error:
        raise _Busy(str(error)) from error
