"""What stands around a passage and is evidence for it, never the quotation.

The headings that it is below of, the sentence that leads in to it, the code that belongs to it, the
caption of its table.
"""

from __future__ import annotations

from bot.corpus.model import Passage, Rendering

#: The distance of what belongs to the passage itself; its section's heading is at 1, the heading
#: around that at 2, and so on.
NEAREST = 0

# Headings this far up and further count alike.
_FURTHEST = 9


class Contexts:
    """The texts around the passages of a rendering, each once, and which of them each passage has.

    ``links`` holds for each passage pairs of a text's number, from 0, and its distance.
    """

    def __init__(self, rendering: Rendering) -> None:
        self.texts: list[str] = []
        self.links: list[list[tuple[int, int]]] = []
        if not rendering.is_structured:
            self.links = [[] for _ in range(len(rendering.passages))]
            return
        self._rendering = rendering
        self.texts += [section.heading for section in rendering.sections]
        self._numbers: dict[str, int] = {}
        self.links = [self._linked(passage) for passage in rendering.passages]

    def _linked(self, passage: Passage) -> list[tuple[int, int]]:
        """Return the contexts of a passage, the nearest first."""
        rendering, found = self._rendering, []
        near = [rendering.lead_in(passage)]
        if passage.code:
            near.append(passage.code.of(rendering.text))
        if passage.table:
            near.append(rendering.tables[passage.table - 1].caption)
        found += [(self._number(text), NEAREST) for text in near if text]
        section, distance = passage.section, 1
        while section:
            found.append((section - 1, min(distance, _FURTHEST)))
            section, distance = rendering.sections[section - 1].parent, distance + 1
        return found

    def _number(self, text: str) -> int:
        number = self._numbers.setdefault(text, len(self.texts))
        if number == len(self.texts):
            self.texts.append(text)
        return number
