"""A server's own index behind the shared one answers as one index over both would."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.answering.citation import Answer
from bot.corpus.model import Article, Corpus, Draft, Section, build_rendering
from bot.index.build import Index, build_index
from bot.index.fuzzy import suggest
from bot.index.joined import Base, JoinedIndex, join
from bot.service.search import Situation, ask, find
from bot.text.glossary import Glossary
from tests.corpora import index_of

EN = (
    "the,keeper,lamp,Lund,lund,oil,burned,in,1911,was,may,May,ratified,Senate,twelve,members,not,"
    "because,harbours,harbour,rule,whale,DPRK,North Korea,refund,within,two months,5 euros,otters"
).split(",")
FR = (
    "le,la,gardien,lampe,Lund,ratifié,par,Sénat,douze,baleine,huile,règle,n’est,pas,Corée du Nord,"
    "en,1911,port"
).split(",")
#: Enough in a second; with 400 they hold too.
EXAMPLES = 15

GLOSSARY = Glossary((("DPRK", "North Korea", "Corée du Nord"),))

sentences = {
    language: st.lists(st.sampled_from(words), min_size=1, max_size=8).map(" ".join)
    for language, words in (("en", EN), ("fr", FR))
}


@st.composite
def articles(draw: st.DrawFn, name: str) -> Article:
    """An article of a few passages, perhaps with headings, items and a translation."""
    original = draw(st.sampled_from(["en", "fr"]))
    places = draw(st.lists(st.integers(1, 3), min_size=1, max_size=3))
    translated = draw(st.booleans())
    sections = [Section(draw(sentences[original]), 0)] if draw(st.booleans()) else []
    renderings = []
    for language in (original, "en" if original == "fr" else "fr")[: 1 + translated]:
        drafts = []
        for place, count in enumerate(places):
            parts = [f"{draw(sentences[language])}." for _ in range(count)]
            starts = [sum(len(part) + 1 for part in parts[:n]) for n in range(count)]
            spans = tuple((a, a + len(part)) for a, part in zip(starts, parts, strict=True))
            lead = 1 if place and draw(st.booleans()) else 0
            text = " ".join(parts)
            drafts.append(Draft(text, spans, section=len(sections), lead=lead))
        title = draw(sentences[language])
        renderings.append(build_rendering(language, title, drafts, sections))
    return Article(name, renderings[0], tuple(renderings[1:]))


def corpora(prefix: str) -> st.SearchStrategy[tuple[Article, ...]]:
    """One to three articles."""
    names = st.integers(1, 3).map(lambda count: [f"{prefix}{n}" for n in range(count)])
    return names.flatmap(lambda found: st.tuples(*map(articles, found)))


questions = st.lists(
    st.sampled_from([*EN, *FR, "who", "when", "what is", "how many", "quand", "harbuor", "keper"]),
    min_size=1,
    max_size=6,
).map(lambda words: f"{' '.join(words)}?")


def both(shared: tuple[Article, ...], own: tuple[Article, ...]) -> tuple[JoinedIndex, Index]:
    """A server's own index behind the shared one, and one index over both."""
    joined = join(
        Base(build_index(Corpus(shared, glossary=GLOSSARY))),
        build_index(Corpus(own, glossary=GLOSSARY)),
    )
    return joined, build_index(Corpus((*shared, *own), glossary=GLOSSARY))


def said(answer: Answer) -> list[Any]:
    """All that an answer says, sentence by sentence."""
    cited = [*answer.citations, *answer.suggestions, *answer.further]
    return [
        answer.certainty,
        answer.confidence,
        answer.unknown_words,
        answer.nearest,
        answer.corpus_languages,
        *((c.address, c.shown, c.score, c.matched, c.matched_translation, c.why) for c in cited),
    ]


@settings(max_examples=EXAMPLES)
@given(
    corpora("s"),
    corpora("o"),
    st.lists(questions, min_size=1, max_size=2),
    st.sets(st.integers(0, 3)),
)
def test_answers_are_those_of_one_index_over_both(
    shared: tuple[Article, ...],
    own: tuple[Article, ...],
    asked: list[str],
    some: frozenset[int] | None,
) -> None:
    """The same sentences in the same order, with the same scores, certainty and reasons."""
    joined, one = both(shared, own)
    previous = None
    within = None if some is None else some & {*range(len(one.corpus.articles))}
    for question in asked:
        situation: Situation = {"previous": previous, "within": within}
        ours, theirs = (ask(index, question, further=5, **situation) for index in (joined, one))
        assert said(ours) == said(theirs)
        ranked, expected = (find(index, question).ranked for index in (joined, one))
        assert ranked.sentences.tolist() == expected.sentences.tolist()
        assert ranked.scores.tolist() == expected.scores.tolist()
        previous = question


@settings(max_examples=EXAMPLES)
@given(corpora("s"), corpora("o"))
def test_every_word_is_what_it_is_in_one_index(
    shared: tuple[Article, ...], own: tuple[Article, ...]
) -> None:
    """Which words are names, what is spelled alike and how telling terms are is of both."""
    joined, one = both(shared, own)

    def kinds(index: Index) -> dict[tuple[str, str], int]:
        words = range(len(index.vocabulary.normalized_forms))
        languages = index.vocabulary.languages_of(words)
        forms = index.vocabulary.normalized_forms
        types = index.word_answer_types
        return {(forms[w], languages[w]): int(types[w]) for w in words}

    assert kinds(joined) == kinds(one)
    for term, number in one.vocabulary.terms.items():
        assert joined.idf[joined.vocabulary.terms[term]] == one.idf[number]
    for typed in ("harbuor", "keper", "ottters", "lundd"):
        assert [s.word for s in suggest(joined, typed)] == [s.word for s in suggest(one, typed)]
    assert joined.corpus.languages == one.corpus.languages
    assert joined.corpus.common_languages == one.corpus.common_languages


def test_the_shared_arrays_are_not_copied() -> None:
    """What is laid behind the shared index holds that very index's arrays."""
    shared, own = index_of({"en": "The lamp burned oil."}), index_of({"en": "Otters eat."})
    joined = join(Base(shared), own)
    parts: Any = joined.forward.surface_forms, joined.vocabulary.surface_word
    for part, array in zip(
        parts, (shared.forward.surface_forms, shared.vocabulary.surface_word), strict=True
    ):
        assert part.first is array


def test_a_servers_own_terms_are_found_in_the_shared_sources() -> None:
    """A glossary of a server's own hides no shared sentence from its questions."""
    glossary = Glossary((("lamp", "beacon"), ("keeper of light", "warden")))
    shared = index_of({"en": "The lamp burned oil.\nThe keeper slept."})
    own = index_of({"en": "The beacon was red.\nA warden came."}, glossary=glossary.groups)
    joined = join(Base(shared), replace(own, corpus=replace(own.corpus, glossary=glossary)))
    for question, places in {
        "what did the beacon burn?": {"1.1"},
        "was the lamp red?": {"1.1"},
        "who is the keeper of light?": {"2.1"},
    }.items():
        found = ask(joined, question)
        shown = {c.address.partition(":")[2] for c in (*found.citations, *found.suggestions)}
        assert shown >= places, question


def test_a_glossary_extends_the_group_of_a_shared_expression() -> None:
    """What a server says means a shared term is one with it."""
    both_ = GLOSSARY.extended(Glossary((("North Korea", "the North"), ("SG", "Secretary"))))
    assert both_.groups == ((*GLOSSARY.groups[0], "the North"), ("SG", "Secretary"))
    assert GLOSSARY.extended(Glossary()) is GLOSSARY
