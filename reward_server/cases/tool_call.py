"""Tool calls: made, wrongly made, and only seemingly made.

Measured against others: 400 calls of a function, with types and values that nearly fit, are right where BFCL's checker,
written anew and not copied, says so. No differences (`tests/reward_server/kinds/test_tool_call.py`).
"""

import json
from typing import Any

from . import Case

_PARAMETERS = {
    "type": "object",
    "properties": {
        "city": {"type": "string"},
        "days": {"type": "integer", "default": 1},
        "tags": {"type": "array", "items": {"type": "string"}},
        "exact": {"type": "boolean"},
    },
    "required": ["city"],
}
TOOLS = [
    {"type": "function", "function": {"name": "weather", "parameters": _PARAMETERS}},
    {"type": "function", "function": {"name": "time.now", "parameters": {"type": "object", "properties": {}}}},
]
_ONE = {"kind": "tool_call", "tools": TOOLS, "ground_truth": [{"name": "weather", "arguments": {"city": "Paris"}}]}
_TWO = {
    "kind": "tool_call",
    "ground_truth": [{"name": "weather", "arguments": {"city": city}} for city in ("Paris", "Rome")],
}
_NONE: dict[str, Any] = {"kind": "tool_call", "tools": TOOLS, "ground_truth": []}
_SCHEMA = {**_ONE, "ground_truth": [{"name": "weather", "arguments_schema": True}]}
_BFCL = {"kind": "tool_call", "ground_truth": [{"area": {"base": [10], "height": [5, 5.5], "unit": ["cm", ""]}}]}


def hermes(*calls: tuple[str, dict[str, Any]]) -> str:
    """Return calls as Hermes and Qwen write them."""
    return "\n".join(f"<tool_call>\n{json.dumps({'name': n, 'arguments': a})}\n</tool_call>" for n, a in calls)


def _glm(city: str) -> str:
    return f"<arg_key>city</arg_key>\n<arg_value>{city}</arg_value>"


def _minimax(city: str) -> str:
    return (
        f'<minimax:tool_call>\n<invoke name="weather">\n<parameter name="city">{city}</parameter>\n</invoke>\n'
        "</minimax:tool_call>"
    )


def _harmony(city: str) -> str:
    return f'<|channel|>commentary to=functions.weather <|constrain|>json<|message|>{{"city": "{city}"}}<|call|>'


_PARIS = ("weather", {"city": "Paris"})
_ROME = ("weather", {"city": "Rome"})

CASES = [
    Case(_ONE, hermes(_PARIS), "correct"),
    Case(_ONE, f"<think>which city?</think>I look it up.\n{hermes(_PARIS)}<|im_end|>", "correct"),
    Case(_ONE, hermes(("weather", {"city": "Paris", "days": 1})), "correct", "a default written out"),
    Case(_ONE, hermes(("weather", {"city": "Paris", "days": 2})), "incorrect"),
    Case(_ONE, hermes(("weather", {"city": "paris"})), "incorrect", "texts are compared exactly"),
    Case(_ONE | {"fold_strings": True}, hermes(("weather", {"city": "paris."})), "correct"),
    Case(_ONE, '{"name": "weather", "parameters": {"city": "Paris"}}', "correct"),
    Case(_ONE, '<|python_tag|>{"name": "weather", "parameters": {"city": "Paris"}}<|eot_id|>', "correct"),
    Case(_ONE, '[{"name": "weather", "arguments": "{\\"city\\": \\"Paris\\"}"}]', "correct"),
    Case(_ONE, '```json\n{"name": "weather", "arguments": {"city": "Paris"}}\n```', "correct"),
    Case(_ONE, 'weather(city="Paris")', "correct"),
    Case(_ONE, "[weather(city='Paris')]", "correct"),
    Case(_ONE, '```tool_code\nweather(city="Paris")\n```', "correct"),
    Case(_ONE, '<function=weather>{"city": "Paris"}</function>', "correct"),
    Case(_ONE, '[TOOL_CALLS][{"name": "weather", "arguments": {"city": "Paris"}}]', "correct"),
    Case(
        _ONE,
        "<tool_call>\n<function=weather>\n<parameter=city>\nParis\n</parameter>\n<parameter=days>\n1\n</parameter>\n"
        "</function>\n</tool_call>",
        "correct",
    ),
    Case(
        _ONE,
        "<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>weather\n```json\n"
        '{"city": "Paris"}\n```<｜tool▁call▁end｜><｜tool▁calls▁end｜>',
        "correct",
    ),
    Case(
        _ONE,
        "<|tool_calls_section_begin|><|tool_call_begin|>functions.weather:0<|tool_call_argument_begin|>"
        '{"city": "Paris"}<|tool_call_end|><|tool_calls_section_end|>',
        "correct",
    ),
    Case(_ONE, '{"tool_calls": [{"type": "function", "function": {"name": "weather", '
         '"arguments": "{\\"city\\": \\"Paris\\"}"}}]}', "correct"),
    Case(_ONE, hermes(_ROME), "incorrect"),
    Case(_ONE, hermes(("time.now", {})), "incorrect"),
    Case(_ONE, hermes(_PARIS, _PARIS), "incorrect"),
    Case(_ONE, hermes(_PARIS, ("time.now", {})), "incorrect"),
    Case(_ONE, "It is sunny in Paris.", "no_answer"),
    Case(_ONE, "", "no_answer"),
    Case(_TWO, hermes(_PARIS, _ROME), "correct"),
    Case(_TWO, hermes(_ROME, _PARIS), "correct"),
    Case(_TWO | {"in_order": True}, hermes(_ROME, _PARIS), "incorrect"),
    Case(_TWO | {"in_order": True}, hermes(_PARIS, _ROME), "correct"),
    Case(_TWO, '[weather(city="Rome"), weather(city="Paris")]', "correct"),
    Case(_TWO, hermes(_PARIS, _PARIS), "incorrect"),
    Case(_TWO, hermes(_PARIS), "incorrect"),
    Case(_NONE, "I know that without a tool: 4.", "correct"),
    Case(_NONE, hermes(_PARIS), "incorrect"),
    Case(_NONE, "", "no_answer"),
    Case(_BFCL, "[area(base=10, height=5)]", "correct"),
    Case(_BFCL, "[area(base=10, height=5.5, unit='CM')]", "correct"),
    Case(_BFCL, "[area(base=10, height=6)]", "incorrect"),
    Case(_BFCL, "[area(base=10)]", "incorrect"),
    Case(_BFCL, "[area(base=10, height=5, unit='m')]", "incorrect"),
    Case({"kind": "tool_call", "ground_truth": hermes(_PARIS)}, hermes(_PARIS), "correct"),
    Case({"kind": "tool_call", "ground_truth": json.dumps(_ONE["ground_truth"])}, hermes(_PARIS), "correct"),
    Case(_SCHEMA, hermes(_ROME), "correct"),
    Case(_SCHEMA, hermes(("weather", {})), "incorrect"),
]  # fmt: skip
CASES += [
    Case(_ONE, '<|python_tag|>{"name": "weather", "parameters": {"city": "Paris"}}<|eom_id|>', "correct"),
    Case(_ONE, '[TOOL_CALLS]weather[ARGS]{"city": "Paris"}</s>', "correct", "Mistral's tokenizers since version 11"),
    Case(_TWO, '[TOOL_CALLS]weather[ARGS]{"city": "Rome"}[TOOL_CALLS]weather[ARGS]{"city": "Paris"}', "correct"),
    Case(_ONE, f"<tool_call>weather\n{_glm('Paris')}\n</tool_call>", "correct", "GLM-4.5's form"),
    Case(
        _TWO,
        f"<tool_call>weather\n{_glm('Rome')}</tool_call><tool_call>weather\n{_glm('Paris')}</tool_call>",
        "correct",
    ),
    Case(_ONE, "<tool_call>weather\n</tool_call>", "incorrect", "GLM-4.5 without arguments"),
    Case(_ONE, _minimax("Paris"), "correct", "MiniMax-M2's form"),
    Case(_ONE, _minimax("Rome"), "incorrect"),
    Case(_ONE, _harmony("Paris"), "correct", "gpt-oss's form"),
    Case(_ONE, f"<|channel|>analysis<|message|>Which city?<|end|><|start|>assistant{_harmony('Paris')}", "correct"),
    Case(
        _ONE,
        _harmony("Paris").replace(
            "<|channel|>commentary to=functions.weather", "<|start|>assistant to=functions.weather<|channel|>commentary"
        ),
        "correct",
    ),
    Case(
        _NONE,
        "<|channel|>analysis<|message|>No tool.<|end|><|start|>assistant<|channel|>final<|message|>It rains.",
        "correct",
    ),
    Case(_NONE, "`<tool_call>` is how a call begins.", "incorrect", "a mark that begins none is no plain text"),
]

_CLOSED_FIRST = (
    f"<tool_call><function=weather>{'</parameter>' * 3_300}{'<parameter=city>' * 3_300}</function></tool_call>"
)
_QWEN = "<tool_call><function=weather><parameter=city>Paris</parameter>{}</function></tool_call>"
_JSON = '{"name": "weather", "arguments": {"city": "Paris"}}'

ATTACKS = [
    Case(_ONE, completion, "", why)
    for completion, why in [
        (f"<think>{hermes(_PARIS)}</think>", "the call stands in the thinking"),
        (f"<think>{hermes(_PARIS)}", "the call stands in an unfinished thought"),
        (f"<think>{hermes(_PARIS)}</think>No call needed.", "called in the thinking, denied in the answer"),
        ("".join(hermes(("weather", {"city": city})) for city in ("Paris", "Rome", "Oslo")), "all candidates"),
        (f"{hermes(_PARIS)}\n[weather(city='Rome')]<function=weather>{{}}</function>", "calls in two forms"),
        (f"<tool_call>{_JSON}", "never closed"),
        (f"{_JSON}</tool_call>", "never opened"),
        (f"<tool_call><tool_call>{_JSON}</tool_call></tool_call>", "nested"),
        ('<tool_call>{"name": "weather", "arguments": {"city": "Rome", "city": "Paris"}}</tool_call>', "a key twice"),
        ('<tool_call>{"name": "x", "name": "weather", "arguments": {"city": "Paris"}}</tool_call>', "a name twice"),
        ('<tool_call>{"name": "weather", "arguments": {"city": "Paris"}, "parameters": {"city": "Rome"}}</tool_call>',
         "arguments and parameters"),
        ('<tool_call>{"name": "weather", "arguments": {"city": ["Paris", "Rome"]}}</tool_call>', "a list of values"),
        ('<tool_call>{"name": "weather", "arguments": {"city": "Paris or Rome"}}</tool_call>', "a hedge in the value"),
        ('<tool_call>{"name": "weather", "arguments": {"city": ""}}</tool_call>', "an empty value"),
        ('<tool_call>{"name": "weather", "arguments": {"city": null}}</tool_call>', "null"),
        ('<tool_call>{"name": "weather", "arguments": {}}</tool_call>', "no arguments"),
        ('<tool_call>{"name": "weather"}</tool_call>', "no arguments at all"),
        ('<tool_call>{"name": "weather", "arguments": {"city": "Paris", "x": 1}}</tool_call>', "an argument more"),
        ('<tool_call>{"name": "weather", "arguments": ["Paris"]}</tool_call>', "arguments as a list"),
        ('<tool_call>{"name": "Weather", "arguments": {"city": "Paris"}}</tool_call>', "another case of the name"),
        ('<tool_call>{"name": "weather\u200b", "arguments": {"city": "Paris"}}</tool_call>', "zero-width in the name"),
        ('<tool_call>{"name": ["weather"], "arguments": {"city": "Paris"}}</tool_call>', "a list of names"),
        ("<tool_call>[]</tool_call>", "an empty list"),
        (f"<tool_call>[{_JSON}, {_JSON}]</tool_call>", "a list in one mark"),
        ("weather('Paris')", "a positional argument"),
        ("weather(**{'city': 'Paris'})", "an unpacked argument"),
        ("weather(city='Par' 'is', city='Rome')", "an argument twice"),
        ("weather(city=str('Paris'))", "an argument that is a program"),
        ("weather(city=__import__('os').popen('echo Paris').read())", "an argument that runs"),
        ("(lambda: weather(city='Paris'))()", "a call inside a program"),
        ("<!-- " + hermes(_PARIS) + " --><tool_call>{}</tool_call>", "the call in a comment, another outside"),
        (f"```json\n{_JSON}\n```\n```json\n{_JSON.replace('Paris', 'Rome')}\n```", "two blocks"),
        (f"I would never write {_JSON}", "the call quoted in prose"),
        ("<tool_call>" + "[" * 50_000 + "</tool_call>", "nested fifty thousand times"),
        ("weather(city=" + "-" * 50_000 + "1)", "a deep expression"),
        (hermes(*[_PARIS] * 500), "five hundred calls"),
        (_CLOSED_FIRST, "parameters closed, then opened, thousands of times"),
        (_QWEN.format("<parameter=b<>>1</parameter>"), "a surplus parameter whose name is not one"),
        (_QWEN.format("<parameter=>1</parameter>"), "a surplus parameter without a name"),
    ]
]  # fmt: skip
ATTACKS += [
    Case(_SCHEMA, '<tool_call>{"name": "weather", "arguments": {"city": 1}}</tool_call>', "", "a number for a text"),
    Case(_SCHEMA, '<tool_call>{"name": "weather", "arguments": {"city": "x", "y": 1}}</tool_call>', "", "one more"),
    Case(_NONE, "<tool_call>", "", "an opened call where none is wanted"),
    Case(_NONE, f"<tool_call>{_JSON}</tool_call>", "", "a call where none is wanted"),
    Case(_NONE, " \n\t", "", "nothing at all where no call is wanted"),
    Case(_BFCL, "[area(base=10, height=5, unit='')]", "", "the mark of an optional value as a value"),
    Case(_BFCL, "[area(base=True, height=5)]", "", "true is no number"),
    Case(_BFCL, "[area(base=[10], height=[5, 5.5])]", "", "the list of possible values itself"),
    Case(_TWO, hermes(_PARIS, _ROME, _PARIS), "", "one call too many"),
    Case(_TWO, '<tool_call>{"name": "weather", "arguments": {"city": ["Paris", "Rome"]}}</tool_call>', "", "merged"),
]
ATTACKS += [
    Case(_ONE | {"ground_truth": []}, completion, "", why)
    for completion, why in [
        ("<think>Nothing has to be called.", "no call wanted, and a thought that never ends"),
        ("<think>Nothing has to be called.</think>", "no call wanted, and nothing but a thought"),
        ("<|channel|>analysis<|message|>No call.", "no call wanted, and the analysis alone"),
        ("\u200b<|im_end|>", "no call wanted, and nothing that prints"),
        ("", "no call wanted, and nothing"),
    ]
]
ATTACKS += [
    Case(_ONE, completion, "", why)
    for completion, why in [
        (_harmony("Paris") + hermes(_ROME), "another call behind the last message"),
        (_harmony("Paris").replace("<|call|>", "<|end|>") + _minimax("Rome"), "another call behind the last message"),
        (_harmony("Paris") + _JSON.replace("Paris", "Rome"), "another call behind the last message"),
        (_harmony("Paris") + "[weather(city='Rome')]", "another call behind the last message"),
        (_harmony("Paris").removesuffix("<|call|>") + '<|message|>{"city": "Rome"}', "a second message in one"),
        (_harmony("Paris") + "x" * 2_000, "a long text behind the last message"),
        ("<|start|>user" + _harmony("Paris").removeprefix("<|channel|>commentary"), "the user's message"),
        (f"{_JSON}<|eom_id|>{_JSON.replace('Paris', 'Rome')}", "another call behind the mark that ends the turn"),
        (f"<|python_tag|>{_JSON}<|eom_id|><|python_tag|>{_JSON}", "another call behind the mark that ends the turn"),
        (f"<tool_call>weather\n{_glm('Paris')} city=Rome </tool_call>", "text beside an argument"),
        (_minimax("Paris").replace("<parameter", "Rome <parameter"), "text beside an argument"),
        (_minimax("Paris").replace("</parameter>", "</parameter> Rome"), "text beside an argument"),
        (_QWEN.format("Rome"), "text beside an argument"),
    ]
]
ATTACKS += [
    Case(_NONE, "<invoke name='weather'>city=Paris", "", "an opened call where none is wanted"),
    Case(_NONE, "<invoke name=weather>", "", "an opened call where none is wanted"),
    Case(_NONE, _harmony("Paris").replace("to=", "to= "), "", "a call where none is wanted"),
    Case(_NONE, _minimax("Paris"), "", "a call where none is wanted"),
    Case(_NONE, _harmony("Paris"), "", "a call where none is wanted"),
    Case(_NONE, f"<tool_call>weather\n{_glm('Paris')}\n</tool_call>", "", "a call where none is wanted"),
    Case(_NONE, '[TOOL_CALLS]weather[ARGS]{"city": "Paris"}', "", "a call where none is wanted"),
    Case(_ONE, f"<tool_call>weather\n{_glm('Rome')}\n{_glm('Paris')}</tool_call>", "", "an argument twice"),
    Case(_ONE, _minimax("Paris") + _harmony("Paris"), "", "two forms"),
    Case(_ONE, _minimax("Paris") + _minimax("Rome"), "", "a second call"),
    Case(_ONE, _harmony("Paris") + "<|start|>assistant" + _harmony("Rome"), "", "a second call"),
    Case(_ONE, f"<|channel|>analysis<|message|>{_minimax('Paris')}", "", "only thought"),
    Case(_ONE, f"<think>{_harmony('Paris')}</think>", "", "only thought"),
    Case(_ONE, '<|channel|>analysis<|message|>to=functions.weather {"city": "Paris"}<|end|>', "", "only thought"),
    Case(_ONE, "<|channel|>final<|message|>I call to=functions.weather.", "", "named, not called"),
    Case(
        _ONE,
        _harmony("Paris").replace("functions.weather", "functions.weather to=functions.other"),
        "",
        "two receivers",
    ),
    Case(_ONE, '[TOOL_CALLS]weather[ARGS]{"city": "Paris"}[TOOL_CALLS]weather[ARGS]{"city": "Rome"}', "", "both"),
]
