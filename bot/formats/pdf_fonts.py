"""The fonts of a PDF: the letters that a code stands for, their widths, and what is bold."""

from __future__ import annotations

import re
from typing import Any

# pypdf has no public name for what its own extraction and its forms read fonts with.
from pypdf.generic._font import Font

_BOLD = re.compile(r"bold|black|heavy|semib|demi|-bd\b|cmbx|sfbx|lmbx|[-,]b$", re.IGNORECASE)
_FORCE_BOLD = 1 << 18  # a font descriptor's flag (9.8.2)
_BOLD_WEIGHT = 600

# The letters that a code stands for, their width in units of the size, and whether word spacing is
# added to it, which is of the one-byte code 32 alone (9.3.3).
_Glyph = tuple[str, float, bool]
_SPACE = 32


class Typeface:
    """A font, and what it makes of each code."""

    def __init__(self, font: Font) -> None:
        self._font = font
        self._glyphs: dict[str | int, _Glyph] = {}
        described = font.font_descriptor
        weight = str(described.weight)
        flags = described.flags if isinstance(described.flags, int) else 0
        self.bold = bool(
            _BOLD.search(f"{font.name} {described.name}")
            or flags & _FORCE_BOLD
            or (weight.isdigit() and int(weight) >= _BOLD_WEIGHT)
        )

    @classmethod
    def of(cls, font: Any) -> Typeface:
        """Return a font of a file; one that cannot be read draws letters by their codes."""
        try:
            return cls(Font.from_font_resource(font))
        except (AttributeError, TypeError):  # as pypdf passes over them
            return cls.unknown()

    @classmethod
    def unknown(cls) -> Typeface:
        """Return the font of texts that name none."""
        return cls(Font("Unknown", encoding={}))

    def glyphs(self, data: bytes) -> list[_Glyph]:
        """Return what each code of a string draws."""
        encoding = self._font.encoding
        codes: str | bytes = data
        if isinstance(encoding, str):
            try:
                codes = data.decode(encoding, "surrogatepass")
            except UnicodeDecodeError:  # an odd number of bytes
                codes = data.decode(encoding, "replace")
        known = self._glyphs
        return [known.get(code) or self._glyph(code) for code in codes]

    def _glyph(self, code: str | int) -> _Glyph:
        font = self._font
        if isinstance(code, int):
            raw = chr(code)
            encoded = font.encoding.get(code, raw) if isinstance(font.encoding, dict) else raw
        else:
            raw = encoded = code
        text = "".join(str(font.character_map.get(one, one)) for one in encoded)
        widths = font.character_widths
        width = font.space_width if raw == font.space_char else widths.get(raw, widths["default"])
        self._glyphs[code] = found = text, float(width) / 1000, code == _SPACE
        return found
