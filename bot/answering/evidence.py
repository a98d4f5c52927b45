"""What the sentences of candidate passages share with a question, as arrays.

Gathered once a question; ranking scores it and certainty reads it. Q question words, S sentences,
P passages.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.answering.query import Query, QueryTerm
from bot.corpus.model import PassageKind, Passages
from bot.index.arrays import Bools, Floats, Ints, expand_ranges
from bot.index.build import Index
from bot.index.fuzzy import similarities
from bot.index.vocabulary import NO_TERM
from bot.text.answer_types import AnswerType
from bot.text.values import VALUE_MARK

# Behind each constant of the score: the points of R@1 that the answers lose without it, on squad-en
# (pool) and piaf-fr-half (one article), measured by tests.benchmarks.ablation.

#: BM25 of sentences. How often a word stands in one sentence says little, hence the low k1.
#: Beside rank-bm25's 1.5 and 0.75: 0.1 and 0.3.
SENTENCE_K1 = 0.3
SENTENCE_B = 0.5

#: The power of Dice's coefficient of two words' character 4-grams. With a power of 1 0.3 and 1.1.
SHARPNESS = 2

#: How much a question word counts that stands around the passage, by its distance: in what leads in
#: to it or in its code, in its section's heading, in the headings above that.
CONTEXT_WEIGHTS = np.array([0.8, 0.9, 0.5, 0.4])


_ITEM = int(PassageKind.ITEM)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What each sentence of the candidates shares with the question."""

    sentences: Ints  #: S: numbers in the index; those of a passage lie together
    passages: Ints  #: S: number of the passage of each
    passage_scores: Floats  #: S: BM25 of its passage
    idf: Floats  #: Q: how telling each question word is
    exact: Floats  #: Q by S: sentence BM25 of the word's best expansion
    met: Floats  #: Q by S: weight of the best expansion that is there
    alike: Floats  #: Q by S: likeness of the word spelled most like it, 0 to 1
    around: Floats  #: Q by S: how well it is held by what stands around the passage, 0 to 1
    heading: Floats  #: S: the share of its section's heading that the question says, 0 to 1
    title: Floats  #: S: idf of the question words in the title
    titled: Floats  #: Q by S: how well the title holds each question word, 0 to 1
    typed: Bools  #: S: whether it holds what is asked for


def gather(index: Index, query: Query, passages: Ints, passage_scores: Floats) -> Evidence:
    """Gather the evidence of some passages, each of which has a score."""
    sentences, candidate = _sentences_of(index, passages)
    around, heading = _around(index, query, passages)
    title, titled = _in_titles(index, query, sentences)
    words, first = _words_of(index, sentences)
    rows = np.repeat(np.arange(len(sentences), dtype=np.int32), np.diff(first))
    exact, met = _exact(index, query, sentences, words, rows)
    return Evidence(
        sentences=sentences,
        passages=index.sentence_passage[sentences],
        passage_scores=passage_scores[candidate],
        idf=np.array([term_weight(index, query_term) for query_term in query.terms]),
        exact=exact,
        met=met,
        alike=_alike(index, query, words, first) ** SHARPNESS,
        around=around[:, candidate],
        heading=heading[candidate],
        title=title,
        titled=titled,
        typed=_typed(index, query, words, rows, sentences, first),
    )


def term_weight(index: Index, query_term: QueryTerm) -> float:
    """Return how telling a question word is; one that the corpus does not hold is the most so."""
    if query_term.known:
        return query_term.weight * max(
            float(index.idf[expansion.term]) * expansion.weight
            for expansion in query_term.expansions
        )
    return query_term.weight * float(np.log1p((index.sentences + 0.5) / 0.5))


def _sentences_of(index: Index, passages: Ints) -> tuple[Ints, npt.NDArray[np.int64]]:
    """Return the sentences of some passages, those without any word left out, and of which passage
    each one is.
    """
    first = index.forward.passage_sentences
    places, starts = expand_ranges(first[passages], first[passages + 1])
    words = index.forward.sentence_words
    held = words[places + 1] > words[places]
    candidate = np.repeat(np.arange(len(passages)), np.diff(starts))
    return places[held].astype(np.int32), candidate[held]


def _words_of(index: Index, sentences: Ints) -> tuple[Ints, npt.NDArray[np.int64]]:
    """Return the words of some sentences, one behind the other, and where each sentence begins."""
    places, first = expand_ranges(
        index.forward.sentence_words[sentences], index.forward.sentence_words[sentences + 1]
    )
    return index.vocabulary.surface_word[index.forward.surface_forms[places]], first


def _exact(
    index: Index, query: Query, sentences: Ints, words: Ints, rows: Ints
) -> tuple[Floats, Floats]:
    """Sentence BM25 of the best expansion of each word, and the weight of the best that is there.

    Only the words of the sentences that some expansion is are looked at one by one.
    """
    length = index.sentence_length[sentences] / index.average_length
    saturation = SENTENCE_K1 * (1 - SENTENCE_B + SENTENCE_B * length)
    scores = np.zeros((len(query.terms), len(sentences)))
    met = np.zeros_like(scores)
    terms = index.vocabulary.word_term[words]
    asked = np.unique([e.term for query_term in query.terms for e in query_term.expansions])
    if not len(asked) or not len(sentences):
        return scores, met
    place = np.minimum(np.searchsorted(asked, terms), len(asked) - 1)
    hit = asked[place] == terms
    counts = np.bincount(
        place[hit] * len(sentences) + rows[hit], minlength=len(asked) * len(sentences)
    ).reshape(len(asked), len(sentences))
    gain = counts * (SENTENCE_K1 + 1) / (counts + saturation)
    number_of = {int(term): number for number, term in enumerate(asked)}
    for number, query_term in enumerate(query.terms):
        for expansion in query_term.expansions:
            row = number_of[expansion.term]
            added = index.idf[expansion.term] * expansion.weight * gain[row]
            np.maximum(scores[number], added, out=scores[number])
            np.maximum(met[number], expansion.weight * (counts[row] > 0), out=met[number])
        scores[number] *= query_term.weight
    return scores, met


def _alike(index: Index, query: Query, words: Ints, first: npt.NDArray[np.int64]) -> Floats:
    """How alike each question word and the likest word of each sentence are spelled, 0 to 1."""
    if len(first) == 1:
        return np.zeros((len(query.terms), 0))
    distinct, place = np.unique(words, return_inverse=True)
    alike = similarities(index, [query_term.spellings for query_term in query.terms], distinct)
    return np.maximum.reduceat(alike[:, place], first[:-1], axis=1)


def _around(index: Index, query: Query, passages: Ints) -> tuple[Floats, Floats]:
    """How well each question word is held by what stands around some passages, 0 to 1, question
    words by passages; and the share of each passage's heading that the question says.
    """
    forward, vocabulary = index.forward, index.vocabulary
    held = np.zeros((len(query.terms), len(passages)))
    links, of_passage = expand_ranges(
        forward.passage_links[passages], forward.passage_links[passages + 1]
    )
    said = np.zeros(len(passages))
    if not len(links):
        return held, said
    owner = np.repeat(np.arange(len(passages)), np.diff(of_passage))
    base = forward.rendering_contexts[index.passage_rendering[passages]]
    contexts = forward.links[links] + base[owner]
    places, of_context = expand_ranges(
        forward.context_words[contexts], forward.context_words[contexts + 1]
    )
    rows = np.repeat(owner, np.diff(of_context))
    distances = np.minimum(forward.link_distances[links], len(CONTEXT_WEIGHTS) - 1)
    own = np.repeat(distances == 1, np.diff(of_context))
    weights = np.repeat(CONTEXT_WEIGHTS[distances], np.diff(of_context))
    words = vocabulary.surface_word[forward.contexts[places]]
    terms = vocabulary.word_term[words]
    distinct, place = np.unique(words, return_inverse=True)
    spellings = [query_term.spellings for query_term in query.terms]
    alike = similarities(index, spellings, distinct) ** SHARPNESS
    met = np.zeros(len(terms))  # how well each word of the contexts is met by the question
    for number, query_term in enumerate(query.terms):
        np.maximum.at(held[number], rows, weights * alike[number, place])
        np.maximum(met, alike[number, place], out=met)
        for expansion in query_term.expansions:
            there = terms == expansion.term
            if there.any():
                np.maximum.at(held[number], rows[there], weights[there] * expansion.weight)
                met[there] = np.maximum(met[there], expansion.weight)
    counted = own & (terms != NO_TERM)
    total = np.bincount(rows[counted], minlength=len(passages))
    np.divide(
        np.bincount(rows[counted], weights=met[counted], minlength=len(passages)),
        total,
        out=said,
        where=total > 0,
    )
    return held, said


def _in_titles(index: Index, query: Query, sentences: Ints) -> tuple[Floats, Floats]:
    """Return the idf of the question words in the title of each sentence's rendering, and how well
    the title holds each of them, question words by sentences.
    """
    renderings = index.passage_rendering[index.sentence_passage[sentences]]
    numbers, place = np.unique(renderings, return_inverse=True)
    idf = np.zeros((len(query.terms), len(numbers)))
    held = np.zeros_like(idf)
    asked = {expansion.term for query_term in query.terms for expansion in query_term.expansions}
    for column, number in enumerate(numbers.tolist()):
        there = index.title_terms(number) & asked
        if not there:  # as of most: their titles are not looked into
            continue
        for row, query_term in enumerate(query.terms):
            met = [one for one in query_term.expansions if one.term in there]
            weights = [float(index.idf[one.term]) * one.weight for one in met]
            idf[row, column] = query_term.weight * max(weights, default=0)
            held[row, column] = max((one.weight for one in met), default=0)
    return idf.sum(axis=0)[place], held[:, place]


def _marked(index: Index, sentences: Ints, first: npt.NDArray[np.int64]) -> Ints:
    """S: where in the words each sentence's own begin, -1 where its first word is no marker: the
    number of an item or of a paragraph of a unit is no answer to *how many?*.
    """
    starts = np.full(len(sentences), -1)
    passages = index.sentence_passage[sentences]
    begins = np.flatnonzero(index.forward.passage_sentences[passages] == sentences)
    for place, passage in zip(begins.tolist(), passages[begins].tolist(), strict=True):
        number = int(index.passage_rendering[passage])
        places = index.renderings[number][1].passages.places
        row = passage - int(index.forward.rendering_passages[number])
        if places[row, Passages.UNIT] or places[row, Passages.KIND] == _ITEM:
            starts[place] = first[place]
    return starts.astype(np.int32)


def _drop_markers(index: Index, words: Ints, rows: Ints, marked: Ints, fit: Bools) -> None:
    """Take the markers out of ``fit``, as words and as the values that they were read as."""
    forms = index.vocabulary.normalized_forms
    for row in np.flatnonzero(marked >= 0).tolist():
        marker = forms[words[marked[row]]]
        for place in np.flatnonzero(rows == row).tolist():
            if fit[place] and forms[words[place]] in (marker, f"{VALUE_MARK}n:{marker}"):
                fit[place] = False


def _typed(
    index: Index,
    query: Query,
    words: Ints,
    rows: Ints,
    sentences: Ints,
    first: npt.NDArray[np.int64],
) -> Bools:
    """Whether each sentence has a word of the type asked for that is not in the question."""
    holds = np.zeros(len(sentences), dtype=bool)
    if query.answer_type:
        wanted = query.answer_type
        if wanted & AnswerType.DATE:  # *when?* is also answered by *within two months*
            wanted |= AnswerType.DURATION
        fit = (index.word_answer_types[words] & int(wanted)) != 0
        if fit.any():
            _drop_markers(index, words, rows, _marked(index, sentences, first), fit)
        forms = index.vocabulary.normalized_forms
        new = [i for i in np.flatnonzero(fit) if forms[words[i]] not in query.tokens]
        holds[rows[new]] = True
        if wanted == AnswerType.AMOUNT:  # also a number beside a price, in coins of their own
            numbers, priced = (
                _rows(rows[(index.word_answer_types[words] & int(kind)) != 0], len(holds))
                for kind in (AnswerType.NUMBER, AnswerType.PRICE)
            )
            holds |= numbers & priced
    return holds


def _rows(rows: Ints, count: int) -> Bools:
    """S: whether each is among some."""
    found = np.zeros(count, dtype=bool)
    found[rows] = True
    return found
