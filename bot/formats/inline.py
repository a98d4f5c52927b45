"""What formats with styles share: marks within a line, and lines that are headings or questions."""

from __future__ import annotations

import re

from bot.formats.document import LINE_LEVEL, QUESTION_LEVEL, Block

_SUPERSCRIPTS = str.maketrans("0123456789+-−=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿ")
_SUBSCRIPTS = str.maketrans("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎")
_RAISED = re.compile(r"[0-9+\-−=()n]{1,6}")
# 1er, 2e, 3rd, Mme, XXIe: letters that are raised belong to what they stand behind.
_RAISED_LETTERS = re.compile(r"[^\W\d_]{1,4}\.?")

#: A heading without a style is no longer, in characters; most of legal texts are under 80
#: (EU Interinstitutional Style Guide, 2.2).
LONGEST_LINE_HEADING = 90
_LONGEST_QUESTION = 200

_LABEL = re.compile(r"(?:Q(?:uestion)?|F(?:rage)?)\s?\d{0,3}\s?[:.)]\s*(?=\S)", re.IGNORECASE)
_ANSWER_LABEL = re.compile(
    r"(?:A(?:nswer)?|R(?:[ée]ponse)?|Antwort)\s?\d{0,3}\s?[:.)]\s*(?=\S)", re.IGNORECASE
)
_ENDS = re.compile(r"[.!;,:…][\s\"'”’»)*_]*$")
_ASKS = re.compile(r"\?[\s\"'”’»)*_]*$")


def raised(text: str) -> str:
    """Return a superscript as it reads: ⁶, ``er`` of 1er, the mark of a note apart."""
    bare = text.strip()
    if _RAISED.fullmatch(bare):
        return bare.translate(_SUPERSCRIPTS)
    if _RAISED_LETTERS.fullmatch(bare):
        return bare
    return f" {bare}" if bare else ""


def lowered(text: str) -> str:
    """Return a subscript as it reads: ₂ of H₂O."""
    bare = text.strip()
    return bare.translate(_SUBSCRIPTS) if _RAISED.fullmatch(bare) else bare


def line_heading(text: str) -> Block | None:
    """Return the heading that a line in bold, of its own, is; None for one that is text.

    A question is one however it is labelled; another line ends without a mark and is short.
    """
    labelled = _LABEL.match(text)
    bare = text[labelled.end() :] if labelled else text
    if labelled or _ASKS.search(bare):
        if len(bare) <= _LONGEST_QUESTION:
            return Block(bare, kind="heading", level=QUESTION_LEVEL)
        return None
    if len(text) <= LONGEST_LINE_HEADING and not _ENDS.search(text):
        return Block(text, kind="heading", level=LINE_LEVEL)
    return None


def labelled_question(text: str) -> str | None:
    """Return a question without its label, ``Q:``; None for what has none."""
    label = _LABEL.match(text)
    return text[label.end() :] if label else None


def without_answer_label(text: str) -> str:
    """Return an answer without its label, ``A:``."""
    label = _ANSWER_LABEL.match(text)
    return text[label.end() :] if label else text


def question_and_answer(text: str) -> tuple[str, str] | None:
    """Return the question and the answer of lines ``Q: …`` and ``A: …``; None for others."""
    first, _, rest = text.partition("\n")
    asked = labelled_question(first.strip())
    if asked is None or not rest.strip():
        return None
    lines = rest.split("\n")
    for number, line in enumerate(lines):
        if _ANSWER_LABEL.match(line.strip()):
            question = " ".join([asked, *(part.strip() for part in lines[:number])])
            answer = "\n".join([without_answer_label(line.strip()), *lines[number + 1 :]])
            return question, answer
    return None
