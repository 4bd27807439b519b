"""The program's end of the wire: load the submission, then do what the tests ask, one request at a time.

Everything here shares a process with the submission and can be broken by it. It knows nothing worth knowing, and what
it says is taken as what the submission says.
"""

import os
import sys
from collections.abc import Callable
from types import CodeType, FunctionType, ModuleType
from typing import Any, NoReturn

from sandboxes.agent.wire import globals as shared_globals
from sandboxes.agent.wire import operations, surroundings
from sandboxes.agent.wire.files import Files
from sandboxes.agent.wire.guests import Guest, describe, guest_class
from sandboxes.agent.wire.kinds import LIVE
from sandboxes.agent.wire.lending import CARRIERS, HOLDERS, Lent
from sandboxes.agent.wire.live import Watched
from sandboxes.agent.wire.pipes import TO_TESTS, GoneError, Pipe
from sandboxes.agent.wire.values import Crossing, UnreadableError

_EXTRA_FRAMES = 30
_EXACT: dict[type, Callable[[Any], Any]] = {
    bool: bool,
    int: lambda value: int.__add__(value, 0),
    float: lambda value: float.__mul__(value, 1.0),
    str: str.__str__,
    bytes: lambda value: bytes.__add__(b"", value),
    tuple: lambda value: tuple(tuple.__iter__(value)),
    frozenset: lambda value: frozenset(frozenset.__iter__(value)),
}


def serve(code: CodeType, module: ModuleType, output_bytes: int) -> NoReturn:
    """Run the submission's module, answer until the tests' side is gone, end the process."""
    reader, writer = os.dup(0), os.dup(1)
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.dup2(2, 1)
    program = Program(module, Pipe(reader, writer), output_bytes)
    program.around.printed = surroundings.Printed()
    sys.setrecursionlimit(sys.getrecursionlimit() + _EXTRA_FRAMES)
    try:
        program.load(code)
        while True:
            program.answer(program.receive())
    except GoneError:
        os._exit(0)


class Program:
    """The submission, its objects that were handed out, and the tests' objects that it was handed."""

    def __init__(self, module: ModuleType, pipe: Pipe, output_bytes: int) -> None:
        self.module, self.pipe = module, pipe
        self.lent = Lent()
        self.guests: dict[int, Guest] = {}
        self.shared: dict[str, type] = {}
        self.watched = Watched()
        self.files = Files(shares_own=True)
        self.around = surroundings.Around(self, output_bytes)

    def load(self, code: CodeType) -> None:
        """Execute the module, then say what it defines."""
        failure: BaseException | None = None
        try:
            exec(code, self.module.__dict__)
        except BaseException as error:  # noqa: BLE001 - untrusted code was called
            failure = error
        opening = self.pipe.receive()
        names = self.module.__dict__
        self.shared = {name: names[name] for name in opening["shared"] if is_sharable(names.get(name))}
        for number, name in enumerate(opening["wanted"], 1):
            if callable(names.get(name)):
                self.lent.reserve(names[name], number)
        crossing = self._crossing()
        if failure is not None:
            answer = self._raised(crossing, failure)
        else:
            answer = crossing.pack([{n: self._kind(v) for n, v in names.items() if n[:2] != "__"}])
            self.lent.begin()
        self.pipe.send(TO_TESTS, {**answer, "shared": list(self.shared), **self._aside()})

    def _kind(self, value: Any) -> Any:
        """What a name of the module stands for: an object where asking is cheap, else where to look."""
        named = shared_globals.name_of(value)
        if named is not None:
            return ("global", *named)
        return ("here", value) if isinstance(value, type | FunctionType) or callable(value) else ("value",)

    def receive(self) -> Any:
        """The next request or answer; files come before what mentions them, and the other side's folder is ours."""
        while "files" in (message := self.pipe.receive()):
            self.files.share(message["roots"])
            self.files.put(message["files"], trusted=True)
        if "in" in message:
            where = message["in"] or self.files.own
            try:
                os.makedirs(where, exist_ok=True)
                os.chdir(where)
            except OSError:
                return message
        return message

    def answer(self, request: dict[str, Any]) -> None:
        """Do one thing and send what came of it."""
        crossing = self._crossing()
        self.lent.release(request.get("free", []))
        self.watched.release(request.get("free", []))
        try:
            target, args, named = crossing.unpack(request)
            before = crossing.snapshot()
            value = operations.perform(self, request["op"], request.get("n", ""), target, args, named)
            answer = crossing.pack([value, crossing.changes(before), *self.watched.changed(request, args)])
            if request["op"] == "get" and type(value) in LIVE:
                answer["live"] = self.lent.number(value)
                self.watched.note(answer["live"], value)
        except GoneError:
            raise
        except BaseException as error:  # noqa: BLE001 - untrusted code was called
            answer = self._raised(crossing, error)
        self.pipe.send(TO_TESTS, {**answer, **self._aside()})

    def ask(self, number: int, operation: str, name: str, args: tuple[Any, ...], named: dict[str, Any]) -> Any:
        """Do something with an object of the tests."""
        crossing = self._crossing()
        request = {"guest": number, "op": operation, "n": name, **crossing.pack([args, named])}
        self.pipe.send(TO_TESTS, {**request, **self._aside()})
        while True:
            answer = self.receive()
            if "op" in answer:
                self.answer(answer)
                continue
            value = crossing.unpack(answer)
            if "raised" in answer:
                raise value
            return value

    def _aside(self) -> dict[str, Any]:
        told = self.lent.descriptions()
        files = self.files.changed()
        return {**({"k": told} if told else {}), **({"files": files} if files else {}), **self.around.collected()}

    def _raised(self, crossing: Crossing, error: BaseException) -> dict[str, Any]:
        error.__traceback__ = None
        try:
            return {"raised": True, **crossing.pack(error)}
        except BaseException as unsaid:  # noqa: BLE001 - the submission's own exception may do anything
            text = f"{type(error).__name__}: {type(unsaid).__name__}"
            return {"raised": True, "v": {"x": [{"g": ["builtins", "RuntimeError"]}, [text], text, {"d": [[], []]}]}}

    def _crossing(self) -> Crossing:
        return Crossing(self.shared, self._give, self._take)

    def _give(self, crossing: Crossing, value: Any) -> Any:
        kind = type(value)
        if isinstance(value, Guest):
            return {"yours": value._guest_number}
        if isinstance(value, BaseException) and type(vars(value).get("_guest_number")) is int:
            return {"yours": vars(value)["_guest_number"]}
        if isinstance(value, BaseException):
            return self._give_exception(crossing, value)
        if isinstance(value, type):
            named = shared_globals.name_of(value)
            plain = named is not None and shared_globals.type_named(*named) is value
            return {"g": named} if plain else {"k": self.lent.tell_class(value)}
        number, class_number = self.lent.number(value), self.lent.tell_class(kind)
        plain_kind = next((each for each in CARRIERS if isinstance(value, each)), None)
        if plain_kind is None:
            return {"h": [number, class_number]}
        return {"sub": [class_number, number, crossing.out(_EXACT[plain_kind](value), 1)]}

    def _give_exception(self, crossing: Crossing, error: BaseException) -> Any:
        kind = type(error)
        nearest = shared_globals.nearest_exception(kind)
        own = shared_globals.find(*nearest) is not kind and shared_globals.name_of(kind) is None
        known = {"k": self.lent.tell_class(kind)} if own else {"g": list(nearest)}
        try:
            text = str(error)[:10_000]
        except BaseException:  # noqa: BLE001 - the submission's own __str__ may raise
            text = ""
        state = {name: item for name, item in vars(error).items() if name[:2] != "__"}
        cause = self._give_exception(crossing, error.__cause__) if error.__cause__ is not None else None
        return {"x": [known, crossing.out(list(error.args), 1), text, crossing.out(state, 1), cause]}

    def _take(self, crossing: Crossing, data: dict[str, Any]) -> Any:
        ((tag, content),) = data.items()
        if tag == "y":
            return self.lent.objects[content]
        if tag == "g":
            return shared_globals.find(*content)
        if tag == "guest":
            return self._guest(*content)
        if tag == "x":
            kind, args, state = (crossing.into(each, 1) for each in content[:3])
            error = kind.__new__(kind, *args)
            error.args = tuple(args)
            error.__dict__.update(state)
            if len(content) > 3:
                error.__dict__["_guest_number"] = content[3]
            return error
        raise UnreadableError(f"the tag {tag}")

    def _guest(self, number: int, kind: str, dunders: list[str], told: dict[str, Any]) -> Guest:
        """An object of the tests: the same one for a number, as `is` and `id` ask."""
        known = self.guests.get(number)
        if known is None:
            known = self.guests[number] = guest_class(kind, tuple(dunders))(self, number)
            if told:
                describe(known, told)
        return known


def is_sharable(value: Any) -> bool:
    """Whether instances of a class can be made from their attributes alone."""
    return (
        isinstance(value, type)
        and not issubclass(value, (*CARRIERS, *HOLDERS, BaseException))
        and (type(value) is type)
    )
