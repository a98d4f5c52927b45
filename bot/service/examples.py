"""Questions that a corpus answers, to show somebody what to ask.

Its own where its curators keep some in ``questions.toml``, else made of what its sources define,
of their numbered units and of their titles. Each is asked before it is shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bot.corpus.model import Article
from bot.corpus.units import whole_units
from bot.index.build import Index
from bot.service.search import ask
from bot.text.definitions import definitions
from bot.text.language import detect_language
from bot.text.tokens import folded_words

#: How many questions somebody is shown.
EXAMPLES = 3

# What is looked through for them: sources, passages of each, and questions that are tried.
_ARTICLES, _PASSAGES, _TRIED = 10, 200, 20

_FORMS = {
    "en": {"term": "What does {term} mean?", "unit": "{unit}?", "unit_of": "{unit} of {title}?"},
    "fr": {"term": "Que signifie {term} ?", "unit": "{unit} ?", "unit_of": "{unit} de {title} ?"},
}
_TITLE = {"en": "{title}?", "fr": "{title} ?"}


def examples(
    index: Index, language: str, within: frozenset[int] | None = None, *, longest: int = 80
) -> tuple[str, ...]:
    """Return some questions that are surely answered, in a reader's language where there are any.

    ``within``: the numbers of the only articles that are asked. Takes a few milliseconds a
    question that is tried.
    """
    found: list[str] = []
    tried: set[str] = set()
    for question in _candidates(index, language, within):
        if question in tried or len(question) > longest:
            continue
        tried.add(question)
        if ask(index, question, fallback_language=language, within=within).answered:
            found.append(question)
        if len(found) == EXAMPLES or len(tried) == _TRIED:
            break
    return tuple(found)


def _candidates(index: Index, language: str, within: frozenset[int] | None) -> Iterator[str]:
    """Yield questions, the best to show first."""
    asked = [one.question for one in index.corpus.questions if one.accepted]
    spoken = [question for question in asked if _language_of(question) == language]
    yield from spoken
    numbers = range(len(index.corpus.articles)) if within is None else sorted(within)
    articles = [index.corpus.articles[number] for number in numbers[:_ARTICLES]]
    yield from _made(articles, language if language in _FORMS else "en")
    yield from (question for question in asked if question not in spoken)


def _language_of(question: str) -> str | None:
    return detect_language(folded_words(question))


def _made(articles: list[Article], language: str) -> Iterator[str]:
    """Yield questions made of articles: in turn of a term, of a unit and of a title."""
    kinds = (_terms(articles, language), _units(articles, language), _titles(articles, language))
    return _in_turn(*kinds)


def _in_turn(*kinds: Iterable[str]) -> Iterator[str]:
    waiting = [iter(kind) for kind in kinds]
    while waiting:
        for kind in list(waiting):
            one = next(kind, None)
            if one is None:
                waiting.remove(kind)
            else:
                yield one


def _terms(articles: list[Article], language: str) -> Iterator[str]:
    for article in articles:
        shown = article.rendering(language) or article.original
        for passage in shown.passages[:_PASSAGES]:
            for span in passage.sentences:
                for found in definitions(span.of(shown.text)):
                    if not found.weak:
                        yield _FORMS[language]["term"].format(term=found.term)


def _units(articles: list[Article], language: str) -> Iterator[str]:
    numbered = [article for article in articles if article.original.units]
    form = _FORMS[language]["unit" if len(numbered) == 1 else "unit_of"]
    for article in numbered:
        title = _title_of(article, language)
        keys = [unit.key for unit in whole_units(article.original.units)]
        for key in [key for key in keys if key.kind in ("article", "section") and key.number][:1]:
            unit = key.printed(language)
            yield form.format(unit=unit[:1].upper() + unit[1:], title=title)


def _titles(articles: list[Article], language: str) -> Iterator[str]:
    for article in articles:
        title = _title_of(article, language)
        yield _TITLE[language].format(title=title.rstrip(" .?!"))


def _title_of(article: Article, language: str) -> str:
    """Return an article's title for a reader of a language, else its own, else its name."""
    shown = article.rendering(language)
    return (shown.title if shown else "") or article.original.title or article.name
