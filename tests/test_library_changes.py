"""Whatever happens to the folder, in any order: the index in service is what a new one would be."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from unittest.mock import patch

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

import bot.service.library
from bot.errors import CorpusError
from bot.service.cache import Cache
from bot.service.library import Library
from bot.terminal import to_json

NAMES = st.sampled_from(["cats", "dogs", "treaty"])
WORDS = st.sampled_from(
    "Cats cats sleep slept the in Pyongyang DPRK North Korea harbour traité ratifié 2024 "
    "twenty-three 100,000 Ada".split()
)
SENTENCES = st.lists(WORDS, min_size=1, max_size=7).map(lambda words: " ".join(words) + ".")
TEXTS = st.lists(
    st.lists(SENTENCES, min_size=1, max_size=3).map(" ".join), min_size=1, max_size=3
).map("\n\n".join)
QUESTIONS = st.lists(WORDS, min_size=1, max_size=5).map(" ".join) | st.sampled_from(
    ["who ratified it?", "where do cats sleep?", "did the DPRK ratfiy it?", "harbor", ""]
)


class Folder(RuleBasedStateMachine):
    """A folder that is changed, broken, reindexed and asked."""

    def __init__(self) -> None:
        super().__init__()
        self.place = Path(tempfile.mkdtemp())
        self.folder, self.cache = self.place / "corpus", Cache(self.place / "cache")
        self.folder.mkdir()
        self.asked: set[str] = {"where do cats sleep?"}
        self.current = False  # whether the index in service is of the files as they are

    def teardown(self) -> None:
        """Leave nothing behind."""
        shutil.rmtree(self.place)

    def write(self, name: str, text: str) -> None:
        """Put a file into the folder."""
        (self.folder / name).write_text(text, encoding="utf-8")
        self.current = False

    @initialize()
    def start(self) -> None:
        """There is an article at first, since there is no bot without one."""
        self.write("first.md", "The first article stands in the harbour.")
        self.library = Library(self.folder)
        self.current = True

    @rule(name=NAMES, text=TEXTS, ending=st.sampled_from(["en.md", "fr.txt", "md"]))
    def put(self, name: str, text: str, ending: str) -> None:
        """Add or replace an article or a translation, whether it fits or not."""
        self.write(f"{name}.{ending}", text)

    @rule(name=NAMES, text=TEXTS)
    def put_both(self, name: str, text: str) -> None:
        """Add or replace an article with a translation that fits."""
        for path in self.folder.glob(f"{name}.*"):
            path.unlink()
        self.write(f"{name}.md", f"---\nlanguage: fr\n---\n{text}")
        self.write(f"{name}.en.md", text)

    @rule(name=NAMES)
    def remove(self, name: str) -> None:
        """Remove an article with its translations."""
        for path in self.folder.glob(f"{name}.*"):
            path.unlink()
            self.current = False

    @rule(name=NAMES)
    def damage(self, name: str) -> None:
        """Write a file that is no text."""
        (self.folder / f"{name}.en.md").write_bytes(b"\xff\xfe\xff")
        self.current = False

    @rule(terms=st.sampled_from(['[["DPRK", "North Korea"]]', '[["cats", "dogs"]]', "[]", "[["]))
    def define(self, terms: str) -> None:
        """Change the glossary, perhaps to one that cannot be read."""
        self.write("glossary.toml", f"terms = {terms}")

    @rule()
    def reindex(self) -> None:
        """Reindex; a folder that is wrong is refused as a new library would refuse it."""
        before = self.library.index
        try:
            fresh = Library(self.folder)
        except CorpusError as error:
            try:
                self.library.reindex()
            except CorpusError as same:
                assert str(same) == str(error)  # noqa: PT017  # the two are compared
                assert self.library.index is before
            else:
                raise AssertionError("a wrong folder was taken") from error
            return
        report = self.library.reindex()
        assert report.after.articles == len(self.library.corpus.articles)
        if not fresh.corpus.problems:
            assert self.library.corpus == fresh.corpus
            self.current = True
            return
        # What went wrong is kept as it was; the rest is what a new library would read.
        wrong = {problem.path.name.partition(".")[0] for problem in fresh.corpus.problems}
        kept = {article.name: article for article in self.library.corpus.articles}
        for article in fresh.corpus.articles:
            assert article.name in wrong or kept[article.name] == article
        self.current = False

    @rule()
    def restart(self) -> None:
        """Start again from what the cache holds of an earlier state."""
        try:
            with patch.object(bot.service.library, "WORTH_KEEPING", 0.0):
                self.library = Library(self.folder, self.cache)
        except CorpusError:
            return
        self.current = True

    @rule(question=QUESTIONS)
    def ask(self, question: str) -> None:
        """Ask one more question from here on."""
        self.asked.add(question)

    @invariant()
    def answers_as_a_new_one_would(self) -> None:
        """Every question has the answer that an index built from nothing gives."""
        if self.current:
            fresh = Library(self.folder)
            assert self.library.corpus.version == fresh.corpus.version
            for question in self.asked:
                assert to_json(self.library.answer(question)) == to_json(fresh.answer(question))


TestFolder = Folder.TestCase
TestFolder.settings = settings(max_examples=25, stateful_step_count=15)
