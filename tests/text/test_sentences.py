"""Sentence segmentation of French and English paragraphs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.sentences import sentence_spans

NBSP, NNBSP = "\u00a0", "\u202f"

# Text made of what the rules look at, far likelier to trip them than random characters.
PIECES = st.sampled_from(
    [
        *".!?…«»“”\"'’()[]–-",
        " ",
        NBSP,
        NNBSP,
        "\n",
        "...",
        "M",
        "J.-C",
        "etc",
        "U.S",
        "p",
        "[12]",
        "Mai",
        "12",
        "3,5",
        "Il",
        "The",
        "mot",
        "École",
        "😀",
        "\x00",
        "\x1c",
        "\u200b",
        "�",
    ]
)


def sentences(text: str) -> list[str]:
    """The sentences of a text."""
    return [text[start:end] for start, end in sentence_spans(text)]


def check_spans(text: str) -> None:
    """Assert that the spans are ordered, stripped, within the text and cover all but spaces."""
    position = 0
    for start, end in sentence_spans(text):
        assert position <= start < end <= len(text)
        assert not text[position:start].strip()
        assert text[start:end] == text[start:end].strip()
        position = end
    assert not text[position:].strip()


SEVERAL = {
    # Plain sentences
    "fr": ["Le chat dort.", "La souris danse !", "Où va-t-elle ?", "Nul ne sait."],
    "en": ["The cat sleeps.", "Does the mouse dance?", "It does!", "Nobody knows why."],
    "accented capital": ["Il neige.", "À midi, tout fond.", "Était-ce prévu ?"],
    "digits": ["Le pont fut fermé en 1912.", "12 ans plus tard, il rouvrit."],
    "marks in a row": ["Vraiment ?!", "Oui…", "Tant mieux !!!", "Partons."],
    "dashes": ["– Tu viens ?", "– Non.", "— Pourquoi ?"],
    "lower-case list item": ["Conserver au frais dans la boîte.", "- ne pas congeler."],
    # Quotes
    "guillemets": ["« Il pleut. »", "Elle ferma la porte.", "« Tu es sûr ? »", "« Oui. »"],
    "quote of several": ["« Il pleut. Rentrons vite. » dit-il en riant.", "Elle le suivit."],
    "curly": ["“It rains.”", "She shut the door.", "“Are you sure?”", "“Yes.”"],
    "curly of several": ["“It rains. Come in.” she said.", "He did."],
    "straight": ['He said: "It rains."', '"Are you sure?" asked Ann.', '"Yes."'],
    "straight, spaced": ['Il a dit : " Je pars ! "', "Puis il est parti."],
    "low-high": ["„Es regnet.“", "Sie ging."],
    "quotes of whole sentences": ["« Il pleut.", "Rentrons vite. »", "Elle le suivit."],
    # Items of a list
    "numbered": ["1. Each boat pays a toll.", "2. No toll is due at night.", "3. It is 4 francs."],
    "lettered": ["(a) It is open.", "(b) it is wet.", "(c) Nothing else."],
    "small letters": ["a. first the keel.", "b. then the mast.", "c. Last the sail."],
    "roman": ["i) Le mât.", "ii) la voile.", "iii) Le gouvernail."],
    "degrees": ["1° Le mât.", "2° La voile."],
    "sections": ["1.1. Le mât.", "1.2. La voile."],
    "no vowels but a sound": ["She hummed.", "Mm.", "Who sang?"],
    # Parentheses
    "parentheses": ["Il partit.", "(Personne ne le vit.)", "Elle resta."],
    "parentheses en": ["He left (nobody saw him).", "(It was dark.)", "She stayed."],
    # Reference marks
    "mark before": ["This helps to learn grammar [1]–[11].", "It may fade [12], [13].", "So what?"],
    "mark after": ["The end of a word.[12]", "Next comes this.[3][note 4]", "Last."],
    "mark apart": [
        "Il naquit à Rouen. [17]",
        "Il y mourut. [18]–[20]",
        "On l'oublia. [...]",
        "Fin.",
    ],
    # Abbreviations which also end sentences
    "etc.": ["Des pommes, des poires, etc.", "Il aime tout.", "Cats, dogs, etc.", "Then birds."],
    "U.S.": ["She moved to the U.S.", "There she wrote."],
    "p.m.": ["It opens at 5 p.m.", "The shop is small."],
    "J.-C.": ["Rome fut prise en 390 av. J.-C.", "Elle fut rebâtie."],
    "letter": ["Il utilise Mac OS X.", "Une autre version existe."],
    "units": ["Ouvert de 14h30 à 18h.", "Fermé lundi.", "Gardez-le à 20 °C.", "Merci."],
    "clitic": ["I know it's.", "You don't.", "It is she who's.", "Fine."],
    "No.": ["Will he come?", "No.", "I doubt it."],
    "art": ["C'est une œuvre d'art.", "Chacun l'admire."],
    "month": ["It closed last Sept.", "Nobody came."],
    "year": ["It rained in 2019.", "April was dry."],
    # Addresses
    "URL": ["Voir https://exemple.fr/a.html?b=1.", "Ouvrir notes.txt puis v1.2.", "See a.b.org."],
}


@pytest.mark.parametrize("parts", SEVERAL.values(), ids=SEVERAL.keys())
@pytest.mark.parametrize("space", [" ", "  ", "\n", NBSP], ids=["one", "two", "line", "no-break"])
def test_splits_sentences(parts: list[str], space: str) -> None:
    """Each sentence is returned on its own, with its closing quotes and marks, however spaced."""
    assert sentences(space.join(parts)) == parts


WHOLE = [
    # Titles and names
    "M. Durand et Mme. Petit ont vu le Dr. Morel et MM. Roy et Blanc.",
    "Mr. Smith met Mrs. Jones, Dr. Lee, Prof. Gray and GEN. Brown on St. James Street.",
    "Le livre de J. R. R. Tolkien plut à M. De Croo, à J.-P. Martin et à l'abbé d'A. Hesnard.",
    "The book by J. A. Smith and George W. Bush is not by J.A. Howe.",
    "“J. Smith” is a pen name (A. Jones).",
    # References
    "Selon l'art. 5, le n° 12, la p. 33, le vol. IV et le chap. 2, cf. Hugo, tout va bien.",
    "See No. 7, p. 12, vol. 3, pp. 4–9, cf. Hugo et al. Nature has it, fig. 2.",
    "Some tools (e.g. The Hammer, i.e. The Big One) are heavy.",
    "Apples, pears, etc. are fruit, et les noix, etc. aussi.",
    "The U.S. Congress and Apple Inc. Chief Jobs agreed.",
    # Dates and numbers
    "Il mourut en 12 apr. J.-C. à Rome, né en 44 av. J.-C. près de Capoue.",
    "Born on Sept. 11 and dead on Jan. 3, he wrote; le 4 févr. 1912 aussi.",
    "Am 1. Mai und am 14. Oktober ist frei.",
    "Il mesure 3,5 m, or 3.5 m, à 14h30 environ, soit 1.234.567 fois.",
    # Ellipses
    "Il hésita… puis partit ... sans un mot.",
    "He paused… then left... without a word.",
    # Marks inside the sentence
    f"«{NBSP}Quoi{NNBSP}?{NBSP}» dit-elle.",
    f"Il dit{NBSP}: «{NBSP}Viens{NNBSP}!{NBSP}» puis sortit{NBSP}; elle rit{NNBSP}: Paul aussi.",
    "“Come in!” she said; “It rains.” he replied: Nobody moved.",
    "He left (who knows why?) and never wrote (alas!) again.",
    "Une liste : Premier point ; Deuxième point ; Troisième point.",
    "Under reg. 12, arts. 3 and 4, paras. 7 to 9, subpara. 2 and Ann. IV of the charter, it holds.",
    "The board passed Res. 2270 and Dec. No. 14/2019, Doc. A/71/12 and Rec. (2004) 5 last year.",
    "The sheet bears Docket No. KX-2020-17 and File No. B/12.",
    "L’art. L. 121-1, l'art. R.33, l'Art. D. 412 et l'al. 2 du ch. 3 (éd. 2, coll. 4) restent.",
    "See Fed. Reg. No. 5 and Cass. Civ. 12 mai, obs. Petit; cf. [3] and fig. (b) above.",
    "Weir et al. [12] Showed it, as did Lind et al. (2019).",
    "On y sert des fruits, p. ex. Poires et figues, loc. cit. Dupin.",
    "See ibid. p. 7 and ext. 412, pp. 3 ff. of it.",
    # Ranks and offices
    "Adm. Lind, Maj. Weir, Pres. Diallo, Amb. Roy and Cpl. Ash met.",
    "The depot of Ft. Larch is on Elm Blvd. North.",
    "Le Gal. Martin, le Gén. Petit, le Cdt. Roy et l'Insp. Noir ont dîné.",
    # Items within a sentence
    "The parties have agreed: 1. to cooperate; 2. to consult; and 3. to wait.",
    "On distingue : a. Le mât ; b. La voile.",
    "1. Each boat pays.",
    "(a) At night.",
    "iv) Nothing else.",
    # Quotations within a sentence
    'He said "Stop. Go back!" and left.',
    "Il cria « Halte ! Reculez. » puis partit.",
    "“Come in. Sit down.” she said.",
    # Addresses
    "Le site www.exemple.fr/index.php?a=b!c garde archive.tar.gz et README.md en ligne.",
    "Write to ann.lee@example.org about notes.v2.txt or Node.js today.",
]


@pytest.mark.parametrize("text", WHOLE)
def test_keeps_a_sentence_whole(text: str) -> None:
    """No abbreviation, number, quote, ellipsis or address cuts the sentence it stands in."""
    assert sentences(text) == [text]


def test_an_item_on_a_line_of_its_own_begins_a_sentence() -> None:
    """Behind a semicolon, too, but not where a line only happens to begin with a marker."""
    parts = ["On entend par :", "a) « port », un lieu ;", "b) « pilote », une personne."]
    assert sentences("\n".join(parts)) == parts
    assert len(sentences("in the case of\n(a) above and\n2. below it.")) == 1


@pytest.mark.parametrize("space", [" ", NBSP, NNBSP])
def test_keeps_spaced_french_punctuation_with_its_sentence(space: str) -> None:
    """French marks set off by any kind of space stay with the sentence they close."""
    parts = [f"Vient-il{space}?", f"«{space}Oui{space}!{space}»", "Elle sourit."]
    assert sentences(" ".join(parts)) == parts


def test_spans_leave_out_the_spaces_around_sentences() -> None:
    """Spans are offsets into the text as given, without the white space around each sentence."""
    assert sentence_spans("  Un.\t Deux ! \n") == [(2, 5), (7, 13)]


@pytest.mark.parametrize("text", ["", " ", f"\n\t{NBSP}{NNBSP}\x1c"])
def test_blank_text_has_no_sentences(text: str) -> None:
    """A text of nothing but spaces has no sentences."""
    assert sentence_spans(text) == []


def test_a_text_without_punctuation_is_one_sentence() -> None:
    """A heading without punctuation is returned whole."""
    assert sentences("Histoire de la ville") == ["Histoire de la ville"]


def test_very_many_sentences_are_all_found() -> None:
    """A paragraph of a hundred thousand sentences is split into just as many spans."""
    assert len(sentence_spans("Il dort. " * 100_000)) == 100_000


@pytest.mark.parametrize(
    "piece",
    [
        ".",
        "?!",
        "… ",
        ". ",
        "A.",
        "a. ",
        " ",
        ".[",
        ".[.]",
        ". [",
        " [1]",
        '. "',
        ".»",
        ". (",
        ".'",
        "« ",
        "\x00",
        "😀. ",
        "x",
        "1. ",
        ".–",
        ".\n\n",
        "M. ",
        "abcdefgh",
    ],
)
def test_long_hostile_text_is_split_like_any_other(piece: str) -> None:
    """Tens of thousands of repetitions of any piece still give well-formed spans."""
    check_spans(piece * 30_000 + " Fin.")


@given(st.text() | st.lists(PIECES).map("".join))
def test_any_text_is_covered_in_order(text: str) -> None:
    """Any text gives ordered, stripped, non-empty spans covering all its non-space characters."""
    check_spans(text)


@given(st.lists(st.sampled_from(["Il dort.", "« Oui ! »", "She left?", "Fin…"]), min_size=1))
def test_joined_sentences_are_found_again(parts: list[str]) -> None:
    """Sentences joined by spaces come back as they were."""
    assert sentences(" ".join(parts)) == parts
