"""The tests' end of the wire: ask for one thing at a time, answer what the program calls back, believe nothing.

What comes is decoded into values of this process' own making; what cannot be read is an error of the test that asked.
"""

import os
import threading
import weakref
from types import TracebackType
from typing import Any

from sandboxes.agent.wire import classes, hosting, proxies, weighing
from sandboxes.agent.wire import globals as shared_globals
from sandboxes.agent.wire.files import Files
from sandboxes.agent.wire.live import Live
from sandboxes.agent.wire.pipes import TO_PROGRAM, GoneError, Pipe
from sandboxes.agent.wire.values import Crossing, UnreadableError

MOST_HANDLES = 200_000
MOST_CLASSES = 2_000


class Link:
    """The program, as the tests' process knows it."""

    def __init__(self, pipe: Pipe) -> None:
        self.pipe = pipe
        self.shared: dict[str, type] = {}
        self.classes: dict[int, type] = {}
        self.handles: weakref.WeakValueDictionary[int, Any] = weakref.WeakValueDictionary()
        self.guests: dict[int, Any] = {}
        self.guest_numbers: dict[int, int] = {}
        self.told: set[int] = set()
        self.released: set[int] = set()
        self.calls = self.judged_by_program = self.judged_here = 0
        self.overflowed = False
        self.mirror: Any = None
        self.files = Files(shares_own=False)
        self.busy = False
        self.place = ""
        self.lock = threading.RLock()
        self.live = Live()
        self.said_live: int | None = None
        self.members: dict[int, Any] = {}
        self.named: set[int] = set()
        self.doubted: set[int] = set()
        self.worths: dict[int, Any] = {}
        self.made: dict[int, tuple[Any, dict[str, Any]]] = {}

    def ask(
        self, operation: str, name: str, target: Any, args: tuple[Any, ...] = (), named: dict[str, Any] | None = None
    ) -> Any:
        """Do something with an object of the program; its result, or what it raised.

        Raises:
            GoneError: the program has ended.
        """
        if isinstance(target, proxies.Handle) and target._oid in self.doubted and not self.names_class_of(target):
            self.judged_by_program += 1
        with self.lock:
            return self._ask(operation, name, target, args, named)

    def _ask(self, operation: str, name: str, target: Any, args: tuple[Any, ...], named: dict[str, Any] | None) -> Any:
        if self.pipe.gone:
            raise GoneError("the program has ended")
        if self.mirror is not None and not self.busy:
            self.busy = True
            try:
                self.live.bring(self)
                self.mirror.bring(self)
            finally:
                self.busy = False
        self.calls += 1
        here = self._directory()
        self._share_files((here, *args), named)
        crossing = self.crossing()
        request = {"op": operation, "n": name, **crossing.pack([target, args, named or {}])}
        if here or self.place:
            request["in"] = self.place = here
        if self.released:
            request["free"], self.released = list(self.released), set()
        sent = len(crossing.containers)
        self.pipe.send(TO_PROGRAM, request)
        value, raised = self.answer_to(crossing, operation, target)
        if raised and not isinstance(value, BaseException):
            self.pipe.gone = True
            raise GoneError("what is raised is no exception")
        if raised:
            value.__dict__["_of_program"] = True
            raise value
        try:
            result, changed, *fresh = value
            crossing.renew(changed, sent)
            for number, now in fresh:
                self.live.renew(number, now)
        except (AttributeError, IndexError, TypeError, ValueError) as error:
            self.pipe.gone = True
            raise GoneError(f"what is no answer: {error}"[:200]) from None
        if self.said_live is not None:
            return self.live.note(self, self.said_live, result)
        return result

    def _directory(self) -> str:
        """Where the tests have gone; nothing where they began, nor where there is nothing any more."""
        try:
            here = os.getcwd()
        except OSError:
            return ""
        return "" if here == self.files.own else here

    def _share_files(self, args: tuple[Any, ...], named: dict[str, Any] | None) -> None:
        self.files.mention((*args, *(named or {}).values()))
        if self.files.roots or self.files.single or self.files.brought:
            roots, changed = self.files.unsaid(), self.files.changed()
            if roots or changed:
                self.pipe.send(TO_PROGRAM, {"roots": roots, "files": changed})

    def judged(
        self, operation: str, name: str, target: Any, args: tuple[Any, ...] = (), named: dict[str, Any] | None = None
    ) -> Any:
        """Ask, and count it among the comparisons that the program made."""
        self.judged_by_program += 1
        return self.ask(operation, name, target, args, named)

    def equal(self, one: Any, other: Any) -> bool:
        """Whether an object of the program equals something: decided here where the contents decide."""
        kind = type(other)
        if isinstance(other, proxies.Handle):
            if "__eq__" not in type(one)._asked and "__eq__" not in type(other)._asked:  # type: ignore[attr-defined]
                return False
            mine, theirs = self.ask("plain", "", one), self.ask("plain", "", other)
            if mine[0] == theirs[0] == "record":
                if not any(weighing.is_as_made(self, *each) for each in ((one, mine[1]), (other, theirs[1]))):
                    self.judged_by_program += 1
                return type(one) is kind and bool(mine[1] == theirs[1])
            if mine[0] == theirs[0] == "holder":
                return bool(mine[1] == theirs[1])
            return bool(self.judged("compare", "eq", one, (other,)))
        if isinstance(one, (list, dict, set)):
            return bool(self.ask("plain", "", one)[1] == other)
        return False

    def let_go(self, handle: Any) -> None:
        """A handle is no longer used here."""
        try:
            self.released.add(handle._oid)
        except AttributeError:
            return
        self.doubted.discard(handle._oid)
        self.worths.pop(handle._oid, None)
        self.made.pop(handle._oid, None)

    def note_class(self, name: str, value: Any) -> Any:
        """A value that the tests reach by its name; of a class with a class' name they mean the operators."""
        if isinstance(value, proxies.Remote) and name.lstrip("_")[:1].isupper() and name != "Solution":
            self.named.add(value._number)
        return value

    def names_class_of(self, handle: Any) -> bool:
        """Whether the tests name an object's class, or one that it inherits from."""
        return any(vars(kind).get("_number") in self.named for kind in type(handle).__mro__)

    def crossing(self) -> Crossing:
        """For one call and its answer."""
        return Crossing(self.shared, self._give, self._take, hosting.put_state)

    def receive_names(self, crossing: Crossing, _wanted: list[str]) -> tuple[Any, bool]:
        """The program's first word: what its module defines, or what it raised."""
        return self.answer_to(crossing, "", None)

    def answer_to(self, crossing: Crossing, _operation: str, _target: Any) -> tuple[Any, bool]:
        """What has come of a request, and whether it was raised; meanwhile the program's own requests are served."""
        while True:
            message = self.pipe.receive()
            try:
                self._hear(message)
                if "guest" not in message:
                    self.said_live = message.get("live")
                    return crossing.unpack(message), "raised" in message
            except Exception as error:  # noqa: BLE001 - whatever cannot be read is no answer
                self.pipe.gone = True
                raise GoneError(f"what is no answer: {error}"[:200]) from None
            self._serve(message)

    def _hear(self, message: dict[str, Any]) -> None:
        if message.get("overflow"):
            self.overflowed = True
            self.pipe.gone = True
            raise GoneError("the program printed too much")
        for said in message.get("k", ()):
            if len(self.classes) >= MOST_CLASSES:
                raise UnreadableError("too many classes")
            self.classes[int(said["id"])] = classes.class_from(said, self.classes)
        if "shared" in message:
            self.shared = {name: self.shared[name] for name in message["shared"]}
        if "files" in message:
            self.files.put(message["files"], trusted=False)
        hosting.echo(message)

    def _serve(self, request: dict[str, Any]) -> None:
        """Answer what the program asks of an object it was given."""
        crossing = self.crossing()
        try:
            target = self.guests[request["guest"]]
            args, named = crossing.unpack(request)
            answer = crossing.pack(hosting.perform(request["op"], request["n"], target, args, named))
        except GoneError:
            raise
        except BaseException as error:  # noqa: BLE001 - the program is told, and its answer comes after that
            answer = {"raised": True, **crossing.pack(error)}
        self.pipe.send(TO_PROGRAM, answer)

    def _give(self, crossing: Crossing, value: Any) -> Any:
        number = getattr(value, "_oid", None) if isinstance(value, proxies.Handle | proxies.Carried) else None
        if isinstance(value, proxies.Remote):
            number = value._number
        if number is not None:
            return {"y": number}
        if isinstance(value, type) and "_number" in vars(value) and issubclass(value, BaseException):
            return {"y": vars(value)["_number"]}
        named = shared_globals.name_of(value)
        if named is not None:
            return {"g": named}
        kind = type(value)
        if isinstance(value, BaseException):
            own = [] if "_number" in vars(kind) or shared_globals.name_of(kind) else [self.lend(value)]
            known = kind if not own or hosting.is_own(kind) else hosting.nearest(kind)
            state = {name: item for name, item in vars(value).items() if own and name[:1] != "_"}
            return {"x": [crossing.out(known, 1), crossing.out(list(value.args), 1), crossing.out(state, 1), *own]}
        if isinstance(value, TracebackType):
            return None  # a guest is none, and the library takes nothing else
        if isinstance(value, type) and hosting.is_own(value):
            return {"kind": hosting.kind_told(self, crossing, value)}
        known = [{"kind": hosting.kind_told(self, crossing, kind)}] if hosting.is_own(kind) else []
        return {"guest": [self.lend(value), kind.__name__, hosting.dunders_of(kind), hosting.told_of(value), *known]}

    def lend(self, value: Any) -> int:
        number = self.guest_numbers.get(id(value))
        if number is None:
            number = len(self.guests) + 1
            self.guests[number] = value
            self.guest_numbers[id(value)] = number
        return number

    def _take(self, crossing: Crossing, data: dict[str, Any]) -> Any:
        ((tag, content),) = data.items()
        if tag == "h":
            return self._handle(*content)
        if tag == "k":
            return self.classes[content]
        if tag == "sub":
            return self._carried(crossing, *content)
        if tag == "g":
            found = shared_globals.type_named(*content)
            if found is None:
                raise UnreadableError("no type of that name")
            return found
        if tag == "yours":
            return self.guests[content]
        if tag == "x":
            return self._exception(crossing, *content)
        raise UnreadableError(f"the tag {str(tag)[:20]}")

    def _handle(self, number: int, class_number: int) -> Any:
        known = self.handles.get(number)
        self.released.discard(number)
        if known is None:
            if len(self.handles) >= MOST_HANDLES:
                raise UnreadableError("too many objects")
            known = proxies.handle(self.classes[class_number], number)
            self.handles[number] = known
        return known

    def _carried(self, crossing: Crossing, class_number: int, number: int, content: Any) -> Any:
        kind = self.classes[class_number]
        value = crossing.into(content, 1)
        carrier: Any = next(each for each in kind.__mro__ if each.__module__ == "builtins" and each is not object)
        if number in self.members:
            return self.members[number]
        made = carrier.__new__(kind, value)
        if getattr(kind, "_is_enum", False):
            self.members[number] = made
        made._oid = number
        return made

    def _exception(
        self, crossing: Crossing, known: Any, args: Any, text: Any, state: Any, cause: Any = None
    ) -> BaseException:
        kind = crossing.into(known, 1)
        if not (isinstance(kind, type) and issubclass(kind, BaseException)):
            raise UnreadableError("no exception")
        args, state = crossing.into(args, 1), crossing.into(state, 1)
        error = hosting.exception_made(kind, args)
        if isinstance(cause, dict):
            error.__cause__ = self._exception(crossing, *cause["x"])
        error.__dict__.update({str(name): item for name, item in state.items() if not str(name).startswith("_")})
        if "_number" in vars(kind):
            error.__dict__["_text"] = str(text)
        return error
