"""The units of a document: its articles, sections and annexes, and the paragraphs within them.

A heading or the beginning of a paragraph names a unit where the numbers found run on, so that a
shopping list or a table of versions yields none. Below a unit its numbered paragraphs and points
count, or its paragraphs in their order where none is numbered (*alinéas*).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.corpus.model import Draft, PassageKind, Rendering, Section, Unit
from bot.text.unit_headings import (
    Marker,
    UnitHeading,
    continues,
    paragraph_marker,
    run_on,
    unit_heading,
)
from bot.text.units import UnitKey

#: Units that number their articles anew; others do so only where numbers come twice.
_ANEW = frozenset({"annex", "protocol", "schedule", "appendix"})

# Characters of a paragraph that are read for the name of a unit that begins it.
_OPENING = 400


@dataclass(frozen=True, slots=True)
class _Found:
    """A unit where it begins: at a section, or at a passage; numbers count from 0."""

    heading: UnitHeading
    section: int | None = None
    passage: int | None = None


def assign_units(
    sections: Sequence[Section], drafts: Sequence[Draft]
) -> tuple[tuple[Unit, ...], list[Draft]]:
    """Return the units of a document, each once, and its passages with the number of theirs."""
    found = list(_running(list(_found(sections, drafts))))
    if not found:
        return _plain_units(sections, drafts)
    whole = _keys(found, sections)
    units: dict[Unit, int] = {}
    assigned: list[Draft] = []
    labels = _Labels()
    begun = False
    articled = any(one.heading.key.kind == "article" for one in found)
    pairs = list(zip(found, whole, strict=True))
    of_section = {one.section: unit for one, unit in pairs if one.section is not None}
    of_passage = {one.passage: unit for one, unit in pairs if one.passage is not None}
    run_in: tuple[int, Unit] | None = None  # a section, and the unit that began within it
    for number, draft in enumerate(drafts):
        if number in of_passage:
            run_in = (draft.section, of_passage[number])
        unit = None
        if run_in and run_in[0] == draft.section:
            unit = run_in[1]
        else:
            run_in, unit = None, _enclosing(draft.section, sections, of_section)
        begun = begun or unit is not None
        if articled and not begun:
            unit = Unit(UnitKey("preamble", ""))  # what stands before the first article
        if unit is None:
            assigned.append(draft)
            continue
        points = labels.of(unit, draft, begins=number in of_passage)
        place = units.setdefault(replace(unit, key=unit.key.below(*points)), len(units) + 1)
        assigned.append(replace(draft, unit=place))
    return tuple(units), assigned


def _plain_units(
    sections: Sequence[Section], drafts: Sequence[Draft]
) -> tuple[tuple[Unit, ...], list[Draft]]:
    """Return the units of a document that counts without a word.

    ``2. Building``, ``2.3 Claims``.
    """
    numbered = [_number(section.heading) for section in sections]
    found = [marker.label for marker in numbered if marker and "." not in marker.label]
    if not run_on(found, named=False):
        return (), list(drafts)
    units: dict[Unit, int] = {}
    assigned: list[Draft] = []
    for draft in drafts:
        place = draft.section
        while place and not numbered[place - 1]:
            place = sections[place - 1].parent
        label = numbered[place - 1] if place else None
        own = paragraph_marker(draft.text)
        if own and own.level == "number" and "." in own.label:
            label = own
        if label is None:
            assigned.append(draft)
            continue
        number, *points = label.label.split(".")
        title = sections[place - 1].heading[label.text_start :] if place and not points else None
        unit = Unit(UnitKey("", number, tuple(points)), title or None)
        assigned.append(replace(draft, unit=units.setdefault(unit, len(units) + 1)))
    return tuple(units), assigned


def _number(heading: str) -> Marker | None:
    """Return the number that a heading begins with."""
    marker = paragraph_marker(heading)
    return marker if marker and marker.level == "number" else None


def _found(sections: Sequence[Section], drafts: Sequence[Draft]) -> Iterator[_Found]:
    """Everything that looks like the beginning of a unit, in reading order."""
    first: dict[int, int] = {}  # the first passage of each section
    for number, draft in enumerate(drafts):
        first.setdefault(draft.section, number)
    order: list[tuple[int, int, _Found]] = []
    for number, section in enumerate(sections):
        if heading := unit_heading(section.heading, is_heading=True):
            heading = _with_title(heading, number, sections, first)
            place = min((first[s] for s in _within(number, sections) if s in first), default=-1)
            order.append((place, number, _Found(heading, section=number)))
    for number, draft in enumerate(drafts):
        if draft.kind == PassageKind.PARAGRAPH and (heading := unit_heading(draft.text[:_OPENING])):
            order.append((number, len(sections) + number, _Found(heading, passage=number)))
    yield from (found for _, _, found in sorted(order, key=lambda one: one[:2]))


def _within(number: int, sections: Sequence[Section]) -> Iterator[int]:
    """Yield the numbers, from 1, of a section and all below it, which follow it; ``number`` counts
    from 0.
    """
    yield number + 1
    for other in range(number + 1, len(sections)):
        if sections[other].parent <= number:
            return
        yield other + 1


def _with_title(
    heading: UnitHeading, number: int, sections: Sequence[Section], first: dict[int, int]
) -> UnitHeading:
    """Return a unit's heading with its title, which may be a line of its own below its number."""
    if heading.title or number + 1 >= len(sections) or number + 1 in first:
        return heading
    below = sections[number + 1]
    if below.parent != number + 1 or unit_heading(below.heading, is_heading=True):
        return heading
    return replace(heading, title=below.heading)


def _running(found: Sequence[_Found]) -> Iterator[_Found]:
    """Those whose numbers, kind by kind, run on as a document's units do."""
    kinds = {one.heading.key.kind for one in found}
    sound = {
        kind
        for kind in kinds
        if run_on([o.heading.key.number for o in found if o.heading.key.kind == kind])
    }
    # One paragraph that begins with "Article 5 ..." is prose about it.
    lone = Counter(o.heading.key.kind for o in found if o.passage is not None)
    for one in found:
        kind = one.heading.key.kind
        if kind in sound and not (one.passage is not None and lone[kind] == 1):
            yield one


def _keys(found: Sequence[_Found], sections: Sequence[Section]) -> list[Unit]:
    """Return the unit of each, with what it stands in where numbers start anew."""
    times = Counter((o.heading.key.kind, o.heading.key.number, o.heading.key.points) for o in found)
    units: list[Unit] = []
    around: dict[int, Unit] = {}  # by section, from 0
    last: Unit | None = None  # that numbers anew, where units are no sections of it
    for one in found:
        key = one.heading.key
        parent = None
        for section in _up(one, sections):
            if section in around and around[section].key.kind != key.kind:
                parent = around[section].key
                break
        anew = parent and parent.kind in _ANEW
        if parent is None and last and key.kind not in _ANEW and one.section is not None:
            parent, anew = (
                (last.key, True) if times[key.kind, key.number, key.points] > 1 else (None, False)
            )
        if not anew and times[key.kind, key.number, key.points] == 1:
            parent = None
        unit = Unit(replace(key, parent=parent), one.heading.title)
        if one.section is not None:
            around[one.section] = unit
        if key.kind in _ANEW:
            last = unit
        units.append(unit)
    return units


def _up(one: _Found, sections: Sequence[Section]) -> Iterator[int]:
    """Yield the sections around a unit, from 0, the nearest first."""
    number = sections[one.section].parent if one.section is not None else 0
    while number:
        yield number - 1
        number = sections[number - 1].parent


def _enclosing(
    section: int, sections: Sequence[Section], of_section: Mapping[int, Unit]
) -> Unit | None:
    """Return the unit of a section, counted from 1, or of the nearest around it."""
    while section:
        if section - 1 in of_section:
            return of_section[section - 1]
        section = sections[section - 1].parent
    return None


class _Labels:
    """The labels of paragraphs and points, as they go on within a unit."""

    def __init__(self) -> None:
        self._unit: Unit | None = None
        self._path: list[str] = []
        self._count = 0

    def of(self, unit: Unit, draft: Draft, *, begins: bool) -> tuple[str, ...]:
        """Return the labels of a passage of a unit."""
        if unit != self._unit or begins:
            self._unit, self._path, self._count = unit, [], 0
        text = draft.text
        if begins and (heading := unit_heading(text[:_OPENING])) and heading.text_start is not None:
            text = text[heading.text_start :]
        marker = paragraph_marker(text)
        if marker is None:
            if self._path:
                return tuple(self._path)
            self._count += draft.kind == PassageKind.PARAGRAPH
            return ()
        for depth in range(len(self._path), 0, -1):
            if continues(self._path[depth - 1], marker.label):
                self._path[depth - 1 :] = [marker.label]
                return tuple(self._path)
        if continues(None, marker.label):
            self._path.append(marker.label)
        return tuple(self._path)


def begun_units(rendering: Rendering) -> Iterator[UnitKey]:
    """Yield the unit, without paragraphs and points, that begins at a passage, in reading order: a
    unit that stands twice comes twice.
    """
    last, section = None, 0
    for passage in rendering.passages:
        unit = rendering.unit_of(passage)
        if unit is None:
            continue
        key = unit.key.whole
        named = [unit_heading(passage.span.of(rendering.text)[:_OPENING])]
        if passage.section != section:
            headings = rendering.headings(passage)[-1:]
            named += [unit_heading(heading, is_heading=True) for heading in headings]
        if key != last or any(one and one.key == key.bare for one in named):
            yield key
        last, section = key, passage.section


def whole_units(units: Sequence[Unit]) -> list[Unit]:
    """Return units without the paragraphs and points in them, each once."""
    found: dict[UnitKey, Unit] = {}
    for unit in units:
        found.setdefault(unit.key.whole, Unit(unit.key.whole, unit.title))
    return list(found.values())
