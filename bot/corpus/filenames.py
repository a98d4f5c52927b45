"""The names of the corpus's files: which article each belongs to, and which are refused.

``NAME.md`` is the article NAME, ``NAME.en.md`` its English rendering; in a folder of the corpus it
is ``folder/NAME``.
"""

from __future__ import annotations

import re
import unicodedata
from base64 import urlsafe_b64encode
from hashlib import blake2b
from pathlib import Path

from bot.errors import CorpusError, Problem, printable

#: The languages that a file's name may say: ISO 639-1, as of https://www.loc.gov/standards/iso639-2
#: but for three made ones without texts, whose codes stand in names for other things (``v2.io``).
LANGUAGES = frozenset(
    "aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da "
    "de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy "
    "hz ia id ig ii ik is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln "
    "lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa "
    "pi pl ps pt qu rm rn ro ru rw sa sc sd se sg sh si sk sl sm sn so sq sr ss st su sv sw ta te "
    "tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi wa wo xh yi yo za zh zu".split()
)


def article_of(path: Path) -> tuple[str, str | None]:
    """Return the article that a file belongs to, and the language that its name says, if it does;
    ``path`` is below the corpus folder.
    """
    stem = unicodedata.normalize("NFC", path.as_posix().removesuffix(path.suffix))
    name, _, language = stem.rpartition(".")
    if language.lower() in LANGUAGES and name.rpartition("/")[2]:
        return name, language.lower()
    return stem, None


def place_in_corpus(path: Path) -> tuple[str, str | None]:
    """Return the same without case: two files of one place cannot be told apart on every system."""
    name, language = article_of(path)
    return name.casefold(), language


# https://learn.microsoft.com/windows/win32/fileio/naming-a-file: with any ending.
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])\s*\..*", re.IGNORECASE)


def is_hidden(name: str) -> bool:
    """Return whether a file is not read: hidden, or what Word leaves beside a document."""
    return name.startswith((".", "~$"))


def check_name(path: Path) -> None:
    """Raise CorpusError for a file whose name cannot be shown, or opened on every system."""
    if printable(path.name) != path.name or not path.stem.strip():
        reason = "has a name of characters that cannot be shown; rename it"
        raise CorpusError([Problem(path, None, reason)])
    if _DEVICE.fullmatch(path.name):
        reason = "has the name of a device, which Windows cannot open; rename it"
        raise CorpusError([Problem(path, None, reason)])


def check_link(path: Path, folder: Path) -> None:
    """Raise CorpusError for a symbolic link that leads out of the folder or nowhere."""
    try:
        if not path.is_symlink():
            return
        target = path.resolve(strict=True)
    except PermissionError:
        return  # what cannot be reached cannot be read either, which reading will tell
    except (OSError, RuntimeError) as error:
        raise CorpusError([Problem(path, None, "is a broken link; remove it")]) from error
    if not target.is_relative_to(folder.resolve()):
        reason = "is a link out of the corpus folder; copy the file into it instead"
        raise CorpusError([Problem(path, None, reason)])


def source_digest(name: str) -> str:
    """Return five letters that stand for the name of an article."""
    return short_digest(name)


def short_digest(text: str) -> str:
    """Return five letters that stand for a text."""
    digest = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=6).digest()
    return urlsafe_b64encode(digest)[:_DIGEST].decode()


# Letters of a digest: 30 bits.
_DIGEST = 5
