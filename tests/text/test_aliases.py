"""The names of documents."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.aliases import document_type, title_aliases


@pytest.mark.parametrize(
    ("title", "first", "names"),
    [
        ("Quay Treaty", None, ["Quay Treaty", "QT"]),
        ("Treaty on Quays (TQ)", None, ["Treaty on Quays", "TQ"]),
        ("Convention on Calm Bays (Calm Bay Convention)", None,
         ["Convention on Calm Bays", "Calm Bay Convention", "CCB"]),
        ("Quay Convention (HQC or Pier Pact)", None, ["Quay Convention", "HQC", "Pier Pact"]),
        ("Accord sur les quais (ci-après « l’Accord des quais »)", None,
         ["Accord sur les quais", "Accord des quais"]),
        ("Pact of Quays between Aland and Beland", "Aland and Beland, hereinafter the Parties,",
         ["Pact of Quays between Aland and Beland", "Pact of Quays", "PQ"]),
        ("REGULATION (EU) 2031/77 on quays (General Quay Regulation)", None,
         ["REGULATION (EU) 2031/77 on quays", "General Quay Regulation", "2031/77"]),
        ("Pacte des quais", "Le présent texte (ci-après dénommé « le Pacte de Tollbourg »)",
         ["Pacte des quais", "Pacte de Tollbourg"]),
        ("Act 7", "This Act may be cited as the Quay Act 1998.", ["Act 7", "Quay Act 1998"]),
        (
            "The Charter of Quays",
            None,
            ["The Charter of Quays", "Charter of Quays", "CQ"],
        ),
        ("How to moor (and leave) a ship", None, ["How to moor (and leave) a ship"]),
    ],
)  # fmt: skip
def test_a_document_has_names(title: str, first: str | None, names: list[str]) -> None:
    """The title, what its brackets hold, its initials, and the name that its text gives it."""
    assert title_aliases(title, first) == names


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Quay Treaty", "treaty"), ("Règlement intérieur du port", "règlement intérieur"),
        ("Statuts de l’association", "statuts"), ("Ship-owners' by-laws", "by-laws"),
        ("How to moor a ship", None),
    ],
)  # fmt: skip
def test_a_document_is_of_a_type(title: str, name: str | None) -> None:
    """Readers say the statutes, the rules of procedure."""
    assert document_type(title) == name


@given(title=st.text(max_size=80), first=st.text(max_size=80))
def test_names_are_each_once_and_not_empty(title: str, first: str) -> None:
    """A title is always a name of its document."""
    names = title_aliases(title, first)
    assert len(names) == len(set(names))
    assert all(names) or not title.strip()
