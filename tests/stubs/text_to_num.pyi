# What the project uses of text2num, which ships without types.

from collections.abc import Sequence

class Token:
    def text(self) -> str: ...

class Occurence:
    start: int
    end: int
    text: str
    value: float
    is_ordinal: bool

def find_numbers(tokens: Sequence[Token], lang: str, threshold: float, /) -> list[Occurence]: ...
