"""What is written in a paragraph of a Word file, as a reader sees it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from docx.oxml.ns import qn
from lxml import etree

from bot.formats.document import clean
from bot.formats.inline import lowered, raised

_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
#: What nobody sees: deletions, the other spelling of a drawing for old programs, and codes.
UNSEEN = frozenset(
    {
        qn("w:del"), qn("w:moveFrom"), qn("w:pPr"), qn("w:rPr"), qn("w:instrText"), qn("w:delText"),
        qn("w:delInstrText"), qn("w:sdtPr"), f"{_MATH}ctrlPr",
        "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",
    }
)  # fmt: skip
_WRITTEN = {
    qn("w:tab"): "\t", qn("w:ptab"): "\t", qn("w:br"): "\n", qn("w:cr"): "\n",
    qn("w:noBreakHyphen"): "\u2011",
}  # fmt: skip
# A formula on one line, as Word writes it (Unicode Technical Note 28): what stands between parts.
_FORMULAS = {"f": "/", "sSup": "^", "sSub": "_", "rad": "√"}
_PARAGRAPH = qn("w:p")


def text_of(element: Any) -> str:
    """Return what is written in a paragraph, without the paragraphs of a text box in it."""
    parts: list[str] = []
    for child in element:
        if child.tag in (qn("w:t"), f"{_MATH}t"):
            parts.append(child.text or "")
        elif child.tag in _WRITTEN:
            parts.append(_WRITTEN[child.tag])
        elif not isinstance(child.tag, str) or child.tag in UNSEEN or child.tag == _PARAGRAPH:
            continue
        elif child.tag.startswith(_MATH) and (sign := _FORMULAS.get(child.tag[len(_MATH) :])):
            parts.append(_formula(child, sign))
        elif not is_hidden(child):
            parts.append(_placed(child, text_of(child), "".join(parts[-3:])))
    return "".join(parts)


def _formula(element: Any, sign: str) -> str:
    """Return a fraction, a power, an index or a root on one line: (a+b)/c, x^2, √(2)."""
    parts = [text_of(part).strip() for part in element if not part.tag.endswith("Pr")]
    shown = [part if len(part) <= 1 or part.isalnum() else f"({part})" for part in parts if part]
    return sign + "".join(shown) if sign == "√" else sign.join(shown)


def _placed(run: Any, text: str, before: str) -> str:
    """Return the text of a run as it stands: raised, lowered or on the line."""
    place = run.find(f"{qn('w:rPr')}/{qn('w:vertAlign')}") if run.tag == qn("w:r") else None
    if place is None or not text.strip():
        return text
    kind = place.get(qn("w:val"))
    if kind == "superscript":
        return raised(text, before)
    return lowered(text) if kind == "subscript" else text


def is_hidden(element: Any) -> bool:
    """Return whether a run is marked as hidden."""
    mark = element.find(f"{qn('w:rPr')}/{qn('w:vanish')}")
    return mark is not None and mark.get(qn("w:val")) not in ("0", "false")


class Notes:
    """The footnotes and endnotes of a file, and which of them the text refers to."""

    def __init__(self, word: Any) -> None:
        self._texts: dict[str, str] = {}
        self._cited: dict[str, None] = {}
        for relation in word.part.rels.values():
            kind = relation.reltype.rsplit("/", 1)[-1]
            if kind in ("footnotes", "endnotes") and not relation.is_external:
                parser = etree.XMLParser(resolve_entities=False, no_network=True)
                for note in etree.fromstring(relation.target_part.blob, parser):
                    name = f"{kind.removesuffix('s')} {note.get(qn('w:id'))}"
                    said = [text_of(paragraph) for paragraph in note.iter(_PARAGRAPH)]
                    self._texts[name] = clean(" ".join(said))

    def cite(self, paragraph: Any) -> None:
        """Keep in mind which notes a paragraph refers to."""
        for kind in ("footnote", "endnote"):
            for mark in paragraph.iter(qn(f"w:{kind}Reference")):
                self._cited[f"{kind} {mark.get(qn('w:id'))}"] = None

    def __iter__(self) -> Iterator[str]:
        """Yield the notes that the text refers to, in its order."""
        return (text for name in self._cited if (text := self._texts.get(name)))
