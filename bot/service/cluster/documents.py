"""What is kept on the cluster: three indexes a version, and their documents as JSON.

``passages``: a document a passage, with its terms as one text that is only split at spaces;
``words``: the terms and words of the corpus, with how often they stand in it; ``articles``: each
article as a whole, and one document of what is said of the corpus.
"""

from __future__ import annotations

import base64
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from hashlib import sha256
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from bot.corpus.filenames import source_digest
from bot.corpus.fragments import Fragment
from bot.corpus.model import Article, Passages
from bot.index.bm25 import PASSAGE_B, PASSAGE_K1
from bot.index.excerpt import KnownWord, TermCount, Word
from bot.index.serialization import article_of, article_row
from bot.text.tokens import CONCEPT_MARK, folded_words, latin, ngrams

Document: TypeAlias = dict[str, Any]

#: Changed whenever a document's form is: an index of another form is not asked.
FORM = 1

KINDS = ("passages", "words", "articles")

#: Bytes of an id: OpenSearch takes 512.
_LONGEST_ID = 300
#: Letters of a term: Lucene's tokenizer would cut a longer one at 255.
_LONGEST_TERM = 200
#: Characters of an article's name and title in which typed words are sought.
_SPOKEN = 1000
#: Stands for a space within a term (*12 GBP* as a value), which no word holds.
_SPACE = "\u2420"

#: The id of the document that describes the corpus.
CORPUS_ID = "corpus"

_KEYWORD = {"type": "keyword", "ignore_above": 256}

MAPPINGS: Mapping[str, Document] = {
    "passages": {
        "dynamic": False,
        "properties": {
            "article": {"type": "keyword"},
            "terms": {
                "type": "text",
                "analyzer": "whitespace",
                "similarity": "passages",
                "index_options": "freqs",
            },
        },
    },
    "words": {
        "dynamic": False,
        "properties": {
            "latin": _KEYWORD,
            "grams": {"type": "keyword"},
            "size": {"type": "integer"},
        },
    },
    "articles": {
        "dynamic": False,
        "properties": {
            "number": {"type": "integer"},
            "name": {"type": "keyword"},
            "folded_name": _KEYWORD,
            "digest": {"type": "keyword"},
            "title": {"type": "keyword", "index": False, "doc_values": False},
            "spoken": {"type": "text", "analyzer": "whitespace", "norms": False},
            "names": _KEYWORD,
            "has_units": {"type": "boolean"},
        },
    },
}

SIMILARITY = {"passages": {"type": "BM25", "k1": PASSAGE_K1, "b": PASSAGE_B}}


def ready(term: str) -> str:
    """Return a term as it stands in the text of a passage: without a space, and not too long."""
    if len(term) > _LONGEST_TERM:
        return sha256(term.encode("utf-8", "surrogatepass")).hexdigest()
    return term.replace(" ", _SPACE)


def _id(*parts: str) -> str:
    text = ":".join(parts).encode("utf-8", "backslashreplace").decode()
    if len(text.encode()) > _LONGEST_ID:
        return f"{parts[0]}:{sha256(text.encode()).hexdigest()}"
    return text


def passage_id(article: str, rendering: int, passage: int) -> str:
    """Return the id of a passage."""
    return f"{article_id(article)}:{rendering}:{passage}"


def article_id(name: str) -> str:
    """Return the id of an article."""
    return sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def term_id(term: str) -> str:
    """Return the id of a term."""
    return _id("t", term)


def word_id(word: Word) -> str:
    """Return the id of a word."""
    return _id("w", word.language, word.form)


def passage_document(fragment: Fragment, terms: Sequence[str]) -> Document:
    """Return the document of a passage; what says nothing is left out."""
    kept = {name: value for name, value in asdict(fragment).items() if value not in ("", (), False)}
    return kept | {"terms": " ".join(map(ready, terms))}


def fragment_of(document: Mapping[str, Any]) -> Fragment:
    """Return the passage of a document."""
    found = {name: value for name, value in document.items() if name != "terms"}
    for name in ("languages", "headings"):
        found[name] = tuple(found.get(name, ()))
    found["sentences"] = tuple((a, b) for a, b in found.get("sentences", ()))
    found["partners"] = tuple((a, b) for a, b in found.get("partners", ()))
    found["originals"] = tuple(
        (one[0], one[1]) if one else None for one in found.get("originals", ())
    )
    return Fragment(**{"text": "", "title": "", "rendering": 0, **found})


def term_document(count: TermCount) -> Document:
    """Return the document of a term."""
    return {"sentences": count.sentences, "passages": count.passages}


def count_of(document: Mapping[str, Any]) -> TermCount:
    """Return how often a term stands in the corpus."""
    return TermCount(document["sentences"], document["passages"])


def word_document(known: KnownWord) -> Document:
    """Return the document of a word; it is found by its spelling where it has one."""
    form = known.word.form
    document: Document = {
        "form": form,
        "language": known.word.language,
        "term": known.term,
        "is_name": known.is_name,
        **term_document(known.count),
    }
    if not form.startswith(CONCEPT_MARK):
        grams = sorted(set(ngrams(form)))
        document |= {"latin": latin(form), "grams": grams, "size": len(grams)}
    return document


def known_word_of(document: Mapping[str, Any]) -> KnownWord:
    """Return the word of a document."""
    word = Word(document["form"], document["language"])
    return KnownWord(word, document["term"], count_of(document), document["is_name"])


def packed(array: npt.NDArray[Any]) -> str:
    """Return an array as text."""
    return base64.b64encode(zlib.compress(array.tobytes(), 1)).decode()


def _unpacked(text: str, width: int = 1) -> npt.NDArray[np.int32]:
    array = np.frombuffer(zlib.decompress(base64.b64decode(text)), dtype=np.int32)
    return array.reshape(-1, width) if width > 1 else array


_NO_PAIRS = np.zeros(0, np.int32)


def article_content(article: Article) -> Document:
    """Return an article as a whole."""
    return {
        "row": article_row(article),
        "renderings": [
            {
                "text": rendering.text,
                "places": packed(rendering.passages.places),
                "spans": packed(rendering.passages.spans),
                "pairs": packed(_NO_PAIRS if rendering.pairs is None else rendering.pairs),
            }
            for rendering in article.renderings
        ],
    }


def article_from(content: Mapping[str, Any]) -> Article:
    """Return the article of its document."""
    return article_of(
        content["row"],
        [
            (
                part["text"],
                Passages(_unpacked(part["places"], Passages.COLUMNS), _unpacked(part["spans"], 2)),
                _unpacked(part["pairs"]),
            )
            for part in content["renderings"]
        ],
    )


def article_document(article: Article, number: int) -> Document:
    """Return the document of an article, which is the ``number``-th of the corpus."""
    return {
        "number": number,
        "name": article.name,
        "folded_name": article.name.casefold(),
        "digest": source_digest(article.name),
        "title": article.original.title,
        "spoken": " ".join(folded_words(f"{article.name} {article.original.title}"[:_SPOKEN])),
        "names": [" ".join(words) for words in article.names],
        "has_units": bool(article.original.units),
        "content": article_content(article),
    }
