"""Words of other languages beside a value that are not left out."""

import pytest

from reward_server.mathematics.reading.phrases.asides import left_out


@pytest.mark.parametrize(
    "answer",
    ["Het antwoord is niet 42", "Svaret er ikke 42", "Vastaus ei ole 42", "Odgovor nije 42", "Cevap 42 değildir",
     "moins 42", "menos 42", "eksi 42", "weniger als 42", "Misschien 42", "La respuesta nunca es 42"],
)  # fmt: skip
def test_denials_doubts_and_signs_are_not_left_out(answer: str):
    assert left_out(answer, "42") is None


def test_names_are_left_out():
    assert left_out("The total number of apples is 42", "42") == ["The total number of apples is"]
