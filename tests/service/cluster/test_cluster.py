"""A library whose passages are on a cluster: its answers, its versions, and its bad days."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

pytest.importorskip("opensearchpy")

from bot.answering.citation import Answer
from bot.chat.references import reference, resolve, source_of
from bot.corpus.folder import read_corpus
from bot.corpus.model import Corpus
from bot.errors import ReindexRunning, StoreError, StoreUnchangeable, UnknownArticle
from bot.index.build import build_index
from bot.service.cluster import writing
from bot.service.cluster.client import Client, Cluster
from bot.service.cluster.indexing import index_folder
from bot.service.cluster.library import ClusterLibrary
from bot.service.cluster.writing import write
from bot.service.library import Library
from tests.corpora import LIGHTHOUSE, TREATY_EN, TREATY_FR
from tests.service.cluster.opensearch import OpenSearch, running

RULES = """\
# Harbour rules

## Article 1. Berths

A boat pays 12 euros a night for a berth. The following are free:

- boats of the coast guard
- boats that are in distress

## Article 2. Speed

No boat goes faster than five knots in the harbour. Whit is an island off it.

| Boat | Fee |
|---|---|
| Dinghy | 3 euros |
| Ferry | 90 euros |
"""

GLOSSARY = 'terms = [["Pyongyang", "Piongyang"], ["Senate", "Sénat", "upper house"]]\n'

TAUGHT = """\
[[question]]
question = "Who kept the lamp burning?"
accepted = ["lighthouse:1.1"]
sentence = "The keeper of the lighthouse was called Ada Quill."
"""

QUESTIONS = (
    "Who ratified the treaty?",
    "Qui a ratifié le traité ?",
    "When did Putin go to Pyongyang?",
    "what did the upper house do",
    "How much is a berth?",
    "how fast may a boat go in the harbor",
    "Which boats are free?",
    "What does a ferry pay?",
    "Who was the keeper of the lighthuose?",
    "article 2",
    "what does article 1 of the harbour rules say about berths?",
    "article 9 of the harbour rules",
    "Who kept the lamp burning?",
    "Wer hat den Vertrag ratifiziert?",
    "Is there a submarine?",
    "what kind of place is whit boats",
    "?",
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with structure, a translation, units, a glossary and a taught question."""
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    for name, text in {
        "treaty.md": TREATY_FR,
        "treaty.en.md": TREATY_EN,
        "lighthouse.en.md": LIGHTHOUSE,
        "rules.en.md": RULES,
        "glossary.toml": GLOSSARY,
        "questions.toml": TAUGHT,
    }.items():
        (corpus / name).write_text(text, encoding="utf-8")
    return corpus


@pytest.fixture
def server() -> Iterator[OpenSearch]:
    """An OpenSearch without an index."""
    with running() as cluster:
        yield cluster


@pytest.fixture
def cluster(server: OpenSearch, folder: Path) -> Cluster:
    """One that holds the folder."""
    there = Cluster((server.host,), "treaty-bot", patience=60)
    index_folder(there, folder, lambda *_: None)
    return there


@pytest.fixture
def library(cluster: Cluster, folder: Path) -> Iterator[ClusterLibrary]:
    """The library of it."""
    found = ClusterLibrary(cluster, folder)
    yield found
    found.close()


def said(answer: Answer) -> Any:
    """Everything that an answer shows."""
    shown = (*answer.citations, *answer.suggestions, *answer.further)
    return (
        (answer.certainty, answer.confidence, answer.unknown_words, answer.nearest),
        (answer.missing_unit and answer.missing_unit.key, answer.previous_question, answer.more),
        [(one.address, one.last, one.score, one.why, one.matched) for one in shown],
        [(one.text, one.translation, one.section, one.lead_in, one.unit) for one in shown],
    )


def test_answers_are_those_of_an_index_in_memory(library: ClusterLibrary, folder: Path) -> None:
    """Every question gets the same sentences, scores, certainty and reasons."""
    here = Library(folder)
    for before, question in zip((None, *QUESTIONS), QUESTIONS, strict=False):
        for within in (None, "treaty"):
            asked: dict[str, Any] = {"previous": before, "within": within, "further": 3}
            assert said(library.answer(question, **asked)) == said(here.answer(question, **asked))


def test_sources_are_found_as_in_memory(library: ClusterLibrary, folder: Path) -> None:
    """Buttons, addresses, names, pages and what is typed lead to the same articles."""
    here = Library(folder)
    assert library.size == here.size
    assert library.corpus.version == here.corpus.version

    async def look() -> None:
        answer = await library.answered("Who ratified the treaty?")
        wanted = [reference(answer.citations[0])]
        index = await library.holding(digests=map(source_of, wanted))
        found = resolve(index.corpus, wanted, "en")
        assert found
        assert found[0].address == answer.citations[0].address
        assert [one.name for one in (await library.holding(names=["rules"])).corpus.articles] == [
            "rules"
        ]
        assert (await library.holding(called="Harbour Rules")).corpus.articles
        assert not (await library.holding(called="nothing")).corpus.articles
        for name in ("RULES", "rules", "harbour rules", "lighthouse/", "nothing", ""):
            assert await library.place_named(name) == await here.place_named(name)
        assert await library.page(1, 5) == here.corpus.articles[1:6]
        assert await library.beginning(["harb"]) == [("rules", "Harbour rules")]
        assert len(await library.beginning([]) or ()) == here.size.articles

    asyncio.run(look())
    with pytest.raises(UnknownArticle, match="nothing"):
        library.answer("Who?", within="nothing")


def test_nothing_is_changed_from_discord(library: ClusterLibrary, folder: Path) -> None:
    """Teaching, and every change of a file, is refused for what it is; in memory it is not."""
    Library(folder).check_changeable()
    for refused in (
        library.check_changeable,
        lambda: library.nearest("Who?", 1),
        lambda: library.apply(lambda: None),
    ):
        with pytest.raises(StoreUnchangeable, match="change the files there"):
            refused()
    assert list(library.corpus.problems) == []


def test_a_version_replaces_another_in_one_step(
    library: ClusterLibrary, server: OpenSearch, folder: Path, cluster: Cluster
) -> None:
    """A new version answers at once, the one before is kept, and the one before that is gone."""
    first = set(server.named["treaty-bot"])
    (folder / "rules.en.md").unlink()
    index_folder(cluster, folder, lambda *_: None)
    second = set(server.named["treaty-bot"])
    assert library.answer("How much is a berth?").certainty == "none"
    assert not first & second
    assert first | second <= set(server.indexes)
    index_folder(cluster, folder, lambda *_: None)
    assert not first & set(server.indexes)


async def test_a_run_that_is_cut_short_changes_nothing(
    cluster: Cluster, server: OpenSearch, folder: Path
) -> None:
    """The version in service stays, and the next run removes what a killed one left."""
    before = dict(server.named)
    server.trouble = lambda path, _: web.json_response(
        {"error": {"type": "disk_full"}, "status": 500}, status=500
    ) if path == "POST /_bulk" else None  # fmt: skip
    client = Client(cluster)
    corpus = read_corpus(folder)
    with pytest.raises(StoreError, match="500"):
        await write(client, corpus.articles, corpus.glossary)
    assert server.named == before
    server.trouble = lambda *_: None
    server.indexes["treaty-bot-20000101000000-dead-words"] = {}
    await write(client, corpus.articles, corpus.glossary)
    await client.close()
    assert not [name for name in server.indexes if "dead" in name]


async def test_documents_that_are_refused_for_now_are_sent_again(
    server: OpenSearch, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An answer of 200 that holds refusals loses no document, nor does a refusal of all."""
    monkeypatch.setattr(writing, "_WAITS", (0.01, 0.01, 0.01))
    refused = 0

    def trouble(path: str, body: str) -> web.Response | None:
        nonlocal refused
        if path != "POST /_bulk" or refused == 2:
            return None
        refused += 1
        if refused == 1:
            return web.json_response({"error": "busy", "status": 429}, status=429)
        items = [
            {"create": {"_id": json.loads(line)["create"]["_id"], "status": 429}}
            for line in body.splitlines()[::2]
        ]
        return web.json_response({"errors": True, "items": items})

    server.trouble = trouble
    client, corpus = Client(Cluster((server.host,), "treaty-bot")), read_corpus(folder)
    done = await write(client, corpus.articles, corpus.glossary)
    await client.close()
    assert refused == 2
    passages = next(name for name in server.indexes if name.endswith("passages"))
    renderings = [r for article in corpus.articles for r in article.renderings]
    assert len(server.indexes[passages]) == sum(len(r.passages) for r in renderings)
    assert done.sentences == corpus.sentences


async def test_two_runs_at_once_are_refused(
    cluster: Cluster, server: OpenSearch, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second run ends while the first is alive, and takes the place of one that is gone."""
    monkeypatch.setattr(writing, "_GONE", 1.0)
    server.indexes["treaty-bot-writer"] = {"writer": {"_seq_no": 1, "_primary_term": 1}}
    client = Client(cluster)

    async def touch() -> None:
        await asyncio.sleep(0.5)
        server.indexes["treaty-bot-writer"]["writer"]["_seq_no"] = 2

    touching = asyncio.create_task(touch())
    with pytest.raises(ReindexRunning):
        await write(client, (), Corpus(()).glossary)
    await touching
    monkeypatch.setattr(writing, "_GONE", 1.0)
    corpus = Corpus(())
    await write(client, corpus.articles, corpus.glossary)
    await client.close()
    assert "writer" not in server.indexes["treaty-bot-writer"]


TROUBLES: dict[str, tuple[Any, str]] = {
    "busy": (web.json_response({"status": 429}, status=429), "429"),
    "a lost shard": (
        web.json_response(
            {"error": {"type": "search_phase_execution_exception"}, "status": 503}, status=503
        ),
        "503",
    ),
    "partial results": (
        web.json_response(
            {
                "responses": [
                    {
                        "timed_out": False,
                        "_shards": {"failed": 1},
                        "hits": {"hits": []},
                        "status": 200,
                    }
                ]
            }
        ),
        "503",
    ),
    "slow": (1.0, "within 0.6 seconds"),
    "something else": (web.Response(text="hello"), "JSON"),
    "no entry": (web.json_response({"status": 401}, status=401), "PASSAGE_STORE_USER"),
}


@pytest.mark.parametrize("name", TROUBLES)
def test_a_cluster_in_trouble_is_a_sentence_within_two_seconds(
    cluster: Cluster, folder: Path, server: OpenSearch, name: str
) -> None:
    """Neither a wrong answer nor a false silence, within its patience, which is two seconds where
    nobody says otherwise; afterwards questions are answered as before.
    """
    assert Cluster((), "").patience == 2
    library = ClusterLibrary(replace(cluster, patience=0.6), folder)
    trouble, expected = TROUBLES[name]

    def answer(path: str, _body: str) -> Any:
        if path != "POST /_msearch":
            return None
        if not isinstance(trouble, web.Response):
            return trouble
        return web.Response(
            body=trouble.body, status=trouble.status, content_type=trouble.content_type
        )

    server.trouble = answer
    with pytest.raises(StoreError, match=expected) as raised:
        library.answer("Who ratified the treaty?")
    library.close()
    assert len(str(raised.value).splitlines()) == 1
    server.trouble = lambda *_: None
    library = ClusterLibrary(cluster, folder)
    assert library.answer("Who ratified the treaty?").answered
    library.close()


def test_a_cluster_that_is_not_there_is_a_sentence(folder: Path) -> None:
    """A bot starts without its cluster, and says what is wrong."""
    library = ClusterLibrary(Cluster(("http://127.0.0.1:9",), "treaty-bot"), folder)
    trouble = asyncio.run(library.trouble())
    assert trouble
    assert "cannot be reached" in trouble
    assert not library.last_load.succeeded
    assert library.size.articles == 0
    with pytest.raises(StoreError, match="cannot be reached"):
        library.answer("Who?")
    library.close()


def test_an_empty_cluster_says_what_to_do(server: OpenSearch, folder: Path) -> None:
    """Nothing was written yet: the sentence names the command."""
    library = ClusterLibrary(Cluster((server.host,), "treaty-bot"), folder)
    with pytest.raises(StoreError, match="treaty-bot index"):
        library.answer("Who?")
    with pytest.raises(StoreError, match="folder"):
        library.apply(lambda: None)
    library.close()


def test_an_index_of_another_form_is_not_asked(
    cluster: Cluster, server: OpenSearch, folder: Path
) -> None:
    """What another version of the bot has written is refused, with what to do."""
    articles = next(name for name in server.indexes if name.endswith("articles"))
    server.indexes[articles]["corpus"]["form"] = 0
    library = ClusterLibrary(cluster, folder)
    with pytest.raises(StoreError, match="written by another version"):
        library.answer("Who?")
    library.close()


def test_the_passages_are_proven_the_best(cluster: Cluster, folder: Path) -> None:
    """Of many passages with nearly the same score the thirty best are ranked, as in memory."""
    lines = [
        f"The lamp number {n} burned oil {'and oil ' * (n % 7)}in the tower." for n in range(150)
    ]
    (folder / "lamps.en.md").write_text("# Lamps\n\n" + "\n\n".join(lines), encoding="utf-8")
    index_folder(cluster, folder, lambda *_: None)
    library, here = ClusterLibrary(cluster, folder), build_index(read_corpus(folder))
    from bot.service.search import ask

    for question in ("Which lamp burned oil in the tower?", "oil", "lamp number 140"):
        assert said(library.answer(question)) == said(ask(here, question))
    library.close()
