"""A script: what the tests' end of a wire would say, kept, and given to the program's end piece by piece.

Each piece goes in once the one before was answered, as with tests at the other end, so that a program knows no more of
what is to come than it would there.
"""

from sandboxes.agent.wire.pipes import PREFIX, WAIT


class Script:
    """What is still to be said, and how much of an answer is still to come."""

    def __init__(self, data: bytes) -> None:
        """`data` are frames; one for nobody (`WAIT`) stands where an answer is awaited."""
        self.pieces: list[bytes] = []
        start = position = 0
        while position < len(data):
            size, whom = PREFIX.unpack_from(data, position)
            after = position + PREFIX.size + size
            if whom == WAIT[0]:
                self.pieces.append(data[start:position])
                start = after
            position = after
        self.pieces.reverse()
        self.prefix = bytearray()
        self.missing = 0
        self.ended = False

    def go_on(self, heard: bytes) -> list[bytes]:
        """The next piece for each answer that ends in `heard`, at first for none; an empty one at the end."""
        pieces = [self.next() for _ in range(self.hear(heard) if heard else 1)]
        self.ended = self.ended or None in pieces
        return [piece or b"" for piece in pieces]

    def next(self) -> bytes | None:
        """The next piece; None at the end."""
        return self.pieces.pop() if self.pieces else None

    def hear(self, data: bytes) -> int:
        """How many answers have come to their end. Of what the program says only lengths are read."""
        ended = position = 0
        while position < len(data):
            if self.missing:
                taken = min(self.missing, len(data) - position)
                self.missing -= taken
            else:
                taken = min(PREFIX.size - len(self.prefix), len(data) - position)
                self.prefix += data[position : position + taken]
                if len(self.prefix) < PREFIX.size:
                    return ended
                self.missing = PREFIX.unpack(self.prefix)[0]
                self.prefix.clear()
            position += taken
            ended += not self.missing
        return ended
