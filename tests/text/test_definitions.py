"""Sentences that define, and questions for a meaning, in both languages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.definitions import definition_question, definitions


@pytest.mark.parametrize(
    ("sentence", "terms"),
    [
        ('(a) "quay" means a place where ships moor;', "quay"),
        ("“pilot” refers to a person with a licence.", "pilot"),
        ("« quai » désigne un lieu d'amarrage ;", "quai"),
        ("« navire » s’entend de tout bâtiment.", "navire"),
        ("(b) « passager » : toute personne à bord ;", "passager"),
        ("“toll”: the sum due for the passage.", "toll"),
        ("On entend par « quai » tout lieu d'amarrage.", "quai"),
        ("Au sens du présent pacte, on entend par quai tout lieu d'amarrage.", "quai"),
        ("Par « navire », on entend tout bâtiment.", "navire"),
        ("Aux fins du présent pacte, navire désigne tout bâtiment.", "navire"),
        ("(1) ‘quay’ means a place;", "quay"), ("(1) 'toll' means the sum due;", "toll"),
        ('"consent" of the pilot means any free statement.', "consent"),
        ('By "vessel" is meant any craft.', "vessel"), ("“a vessel” means a craft.", "vessel"),
        ("Quay means, in relation to a port, a place.", "Quay"),
        ("A vessel is one which floats.", "vessel"), ("Vessel means any craft.", "Vessel"),
        ("The term vessel means any craft.", "vessel"), ("mooring: a rope and a ring", "mooring"),
        ("**Mooring**: a rope and a ring", "Mooring"), ("HM (short for harbour master)", "HM"),
        ('"ship" or "boat" means a craft.', "ship|boat"),
        ('"berth", in relation to a ferry, means its quay.', "berth"),
        ("“serious leak” has the meaning given in Article 2.", "serious leak"),
        ('For the purposes of this Pact, "harbour" means a place.', "harbour"),
        ('"Harbour" includes a jetty.', "Harbour"),
        ('The City of Quays, hereinafter referred to as "the Port",', "Port"),
        ("La Ville, ci-après dénommée « la Ville »,", "Ville"),
    ],
)  # fmt: skip
def test_a_sentence_defines(sentence: str, terms: str) -> None:
    """The term is found without quotes and article, and it is certain."""
    found = definitions(sentence)
    assert [one.term for one in found] == terms.split("|")
    assert all(sentence[one.start : one.end] == one.term and not one.weak for one in found)


@pytest.mark.parametrize(
    ("sentence", "term"),
    [
        ("A quay is a place where ships moor.", "quay"), ('"quay" is any place.', "quay"),
        ("A quay (also called pier) is a place.", "quay"), ("HM means harbour master.", "HM"),
        ("The harbour master is a civil servant.", "harbour master"),
        ("Un quai est un lieu d'amarrage.", "quai"), ("Mooring: the rope and its ring", "Mooring"),
        ("Les membres d'honneur sont les personnes qui donnent.", "membres d'honneur"),
        ("The wind from the sea is called breeze when it is light.", "breeze"),
        ("On appelle ces pierres des bollards.", "bollards"),
    ],
)  # fmt: skip
def test_a_sentence_seems_to_define(sentence: str, term: str) -> None:
    """X is a Y may say what X is, or something of one X."""
    (found,) = definitions(sentence)
    assert (found.term, found.weak) == (term, True)


@pytest.mark.parametrize(
    "sentence",
    [
        "Each ship shall pay a fee.", "This means that we pay.", "He left, which means a loss.",
        "By all means a ship may moor.", "He said: “go” and left.", "Note: the office is closed.",
        "Office: 05 36 49", "There is a fee.", "It is a quay.", "She is a pilot.", "C'est un quai.",
        'He called it "the end of an age" of quarrels.', "The quay is closed.", "Il est un pilote.",
        "The ships' quay is closed.", "Nobody is a pilot by birth.", "The pilot's ‘yes’ was late.",
        "All ships are the same.", "", "Means are a problem.", "If it is a ship, it moors.",
    ],
)  # fmt: skip
def test_a_sentence_defines_nothing(sentence: str) -> None:
    """Pronouns, quotations and remarks define no term."""
    assert definitions(sentence) == []


@pytest.mark.parametrize(
    ("question", "term"),
    [
        ("what is a quay", "quay"), ("what is an otter?", "otter"), ("whats a berth", "berth"),
        ("what's a toll ship", "toll ship"), ("waht is a vessel", "vessel"),
        ("What are mooring rings?", "mooring rings"), ("what r mooring rings", "mooring rings"),
        ("what is the harbour board", "harbour board"), ("what is force majeure", "force majeure"),
        ("what is a letter of marque", "letter of marque"), ('what is "toll ship"?', "toll ship"),
        ("what does berth mean", "berth"), ("what dose berth mean?", "berth"),
        ("what does Board mean in this pact", "Board"), ("what does QB stand for?", "QB"),
        ("what does the pact mean by berth", "berth"), ("what do you mean by berth", "berth"),
        ("what does the freedom of the quay mean", "freedom of the quay"),
        ("what's meant by berth", "berth"), ("what is meant by a serious leak?", "serious leak"),
        ("meaning of berth", "berth"), ("berth meaning", "berth"), ("berth definition?", "berth"),
        ("whats the defintion of berth", "berth"), ("define serious leak", "serious leak"),
        ("what counts as a vessel here?", "vessel"), ("who counts as a pilot", "pilot"),
        ("how is vessel defined", "vessel"), ("explain serious leak", "serious leak"),
        ("hi bot, what is a quay please", "quay"), ("so what exactly is a quay?", "quay"),
        ("under the pact, what is a vessel", "vessel"),
        ("I read the pact. What is a vessel?", "vessel"),
        ("what does hm stand 4", "hm"), ("que signifie « quai » en mer ?", "quai"),
        ("what does the acronym QB stand for", "QB"), ("what is X.25?", "X.25"),
        ("how does the pact define quay", "quay"),
        ("explain what a quay is", "quay"), ("do you know what toll means?", "toll"),
        ("definition: toll", "toll"), ("quel est le sens de navire", "navire"),
        ("comment le pacte définit-il le navire ?", "navire"),
        ("que faut-il entendre par navire ?", "navire"),
        ("le navire est défini comment", "navire"), ("c quoi la def de navire", "navire"),
        ("c'est quoi un quai selon le pacte", "quai"), ("cest quoi navire", "navire"),
        ("navire c'est quoi", "navire"), ("kesako navire", "navire"),
        ("navire, kesako ?", "navire"),
        ("qu'est-ce qu'un navire ?", "navire"), ("qu’est-ce que le quai ?", "quai"),
        ("qu'entend-on par navire", "navire"), ("que signifie « port franc » ?", "port franc"),
        ("que veut dire navire", "navire"), ("ça veut dire quoi navire", "navire"),
        ("navire ça veut dire quoi ?", "navire"), ("définition de port franc", "port franc"),
        ("quelle est la définition de navire", "navire"),
        ("c'est quoi le droit de port", "droit de port"),
        ("c'est quoi une bitte en fonte", "bitte en fonte"),
        ("qu'est ce qui est considéré comme un navire ?", "navire"),
    ],
)  # fmt: skip
def test_a_question_asks_for_a_meaning(question: str, term: str) -> None:
    """The span is the term's, without article, filler and where it is defined."""
    span = definition_question(question)
    assert span
    assert question[slice(*span)] == term


@pytest.mark.parametrize(
    "question",
    [
        "", "what is it", "what is the population of Quayland", "what is the purpose of the pact?",
        "what is the fee", "what's the maximum fine", "what is the toll for ferries",
        "what is allowed",
        "what's measured daily", "what is not covered by the pact", "what is a quay made of",
        "what is a pilot allowed to do", "what's the difference between a quay and a pier",
        "what is Quayland's capital", "what is article 5?", "what does article 5 mean",
        "what does it say about tolls",
        "what was the old quay called", "what is the highest quay in the port",
        "what did the pilot state as a means of escape",
        "what if they disagree about what the text means", "qu'est-ce que je dois payer",
        "what is the best way to explain what I mean", "what happens in a storm",
        "when does it enter into force", "who is the pilot",
        "how do I moor",
        "c'est quoi", "c'est quoi la limite pour les navires", "c'est quoi le prix du passage",
        "qu'est-ce qui est interdit", "qui est le pilote", "c'est quoi le montant",
        "no idea what that is",
        "what's the best quay", "what is your name", "what is 5",
    ],
)  # fmt: skip
def test_a_question_asks_for_something_else(question: str) -> None:
    """Values, parts of something, units, and what may be done are no meanings."""
    assert definition_question(question) is None


@given(text=st.text(max_size=100))
def test_spans_are_in_the_text(text: str) -> None:
    """Whatever is written, terms are verbatim."""
    for one in definitions(text):
        assert text[one.start : one.end] == one.term
    span = definition_question(text)
    assert span is None or 0 <= span[0] < span[1] <= len(text)


@given(term=st.from_regex(r"[bdgk][aeiou][rst][aeo]k", fullmatch=True))
def test_what_is_defined_can_be_asked_for(term: str) -> None:
    """A term of a definition is the term of the question for it."""
    (found,) = definitions(f"“{term}” means a ship.")
    for frame in ("what is a {}", "define {}", "que signifie {} ?", "what does {} mean"):
        question = frame.format(term)
        span = definition_question(question)
        assert span
        assert question[slice(*span)] == found.term
