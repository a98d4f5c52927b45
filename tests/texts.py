"""Every text of the bot, in both languages: ``python -m tests.texts > tests/texts.golden``.

That file is read by eye when it changes: plain, short, idiomatic, and true with any corpus.
"""

from __future__ import annotations

from collections.abc import Iterator

from bot import strings


def lines() -> Iterator[str]:
    """Yield each text behind its key, English above French; then names and descriptions."""
    for key, english in strings._STRINGS["en"].items():
        yield f"{key}"
        yield f"  en  {_shown(english)}"
        yield f"  fr  {_shown(strings._STRINGS['fr'][key])}"
    yield ""
    for english, french in strings.FRENCH.items():
        yield f"  en  {_shown(english)}"
        yield f"  fr  {_shown(french)}"


def _shown(text: str) -> str:
    """Show what the eye would miss: line ends and no-break spaces."""
    return text.replace("\n", "⏎").replace("\u00a0", "⍽").replace("\u202f", "⍽")


def main() -> None:
    """Print them all."""
    print("\n".join(lines()))


if __name__ == "__main__":
    main()
