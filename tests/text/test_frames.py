"""Which words of a question are only its form."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.frames import frame_words, respelled
from bot.text.tokens import folded_words


@pytest.mark.parametrize(
    ("question", "language", "form"),
    [
        ("What does the charter say about tolls?", "en", "say"),
        ("How long is the visa valid?", "en", "how long"),
        ("how much does a berth cost", "en", "how much cost"),
        ("What does demurrage mean?", "en", "mean"),
        ("define demurrage", "en", "define"),
        ("demurrage definition", "en", "definition"),
        ("surestarie définition", "fr", "definition"),
        ("whats the max depth", "en", "whats max"),
        ("Do I need a pilot?", "en", "need"),
        ("What happens if the pilot is late?", "en", "happens"),
        ("tell me about the lighthouse", "en", "tell me about"),
        ("What kind of boats are let in?", "en", "kind"),
        ("What's the difference between a berth and a dock?", "en", "difference between"),
        ("Quelle différence entre un quai et un dock ?", "fr", "difference entre"),
        ("whats the rule on night fishing", "en", "whats rule"),
        ("where does my diving stuff go", "en", "stuff"),
        ("When does the long night begin?", "en", ""),
        ("Who says that a mean pilot is needed?", "en", ""),
        ("Que dit la charte du péage ?", "fr", "dit"),
        ("Que se passe-t-il en cas de tempête ?", "fr", "passe"),
        ("Peut-on pêcher ici ?", "fr", "peut"),
        ("est-ce qu'on peut pêcher", "fr", "peut"),
        ("cest quoi le port", "fr", "cest"),
        ("combien de temps dure la visite", "fr", "temps"),
        ("Que font les pilotes ?", "fr", "font"),
        ("ça veut dire quoi surestarie ?", "fr", "ca veut dire"),
        ("Le passe de plongée est perdu", "fr", ""),
        ("Was sagt das Gesetz?", "de", ""),
    ],
)
def test_the_form_of_a_question(question: str, language: str, form: str) -> None:
    """What tells the kind of answer is form there, and content in another place."""
    folded = folded_words(question)
    assert " ".join(folded[place] for place in sorted(frame_words(folded, language))) == form


@given(
    st.lists(st.text(max_size=8).flatmap(lambda text: st.sampled_from(folded_words(text) or ["x"])))
)
def test_the_places_are_of_the_words(folded: list[str]) -> None:
    """Whatever the words, each place is one of theirs."""
    for language in ("en", "fr", "ko"):
        assert frame_words(folded, language) <= set(range(len(folded)))


@pytest.mark.parametrize(
    ("word", "language", "meant"),
    [
        ("mutch", "en", "much"),
        ("allowd", "en", "allowed"),
        ("conbien", "fr", "combien"),
        ("quai", "en", "quai"),
        ("ous", "fr", "ous"),
        ("lighthuose", "en", "lighthuose"),
    ],
)
def test_what_questions_are_asked_with_is_known_misspelled(
    word: str, language: str, meant: str
) -> None:
    """One typo in a word of four letters or more; other words are left as they are."""
    assert respelled(word, language) == meant
