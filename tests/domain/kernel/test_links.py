"""Which links an event makes, and in which direction they are read."""

from __future__ import annotations

from typing import Any, ClassVar

import pytest

from domain.kernel.events import EVENTS, Event
from domain.kernel.links import RELATIONS, TARGET_IS_LATER, LinkBetween, links_of
from domain.kernel.when import RECORDING
from domain.values.law import Citation
from tests.support.shelf import ShelfPut, recorded


class ShelfMoved(Event):
    """About a part, and with every sort of link."""

    WHEN = RECORDING

    LABEL = ("棚の移動", "Shelf moved")
    SUBJECT = "{entity}#{row}"
    LINKS: ClassVar = {
        "entity": "part_of",
        "room_id": "carried_out_by",
        "books": "used",
        "article": "motivated_by",
        "replaces": "supersedes",
    }
    row: int = 1
    room_id: str | None = None
    books: tuple[str, ...] = ()
    article: Citation | None = None
    replaces: str | None = None


def links(**data: Any) -> list[tuple[str, str, str, str]]:
    return [
        (made.link_id, made.from_id, made.relation, made.to_id)
        for made in links_of(recorded(ShelfMoved(**data), 7))
    ]


PART_OF = ("shelf-a.7.0", "shelf-a#1", "part_of", "shelf-a")


def test_a_part_is_linked_to_what_it_is_a_part_of() -> None:
    assert links() == [PART_OF]


def test_links_are_numbered_in_the_order_in_which_they_are_declared() -> None:
    assert links(room_id="room-1", books=("book-1", "book-2"), article=Citation("law-x", 3)) == [
        PART_OF,
        ("shelf-a.7.1", "shelf-a#1", "carried_out_by", "room-1"),
        ("shelf-a.7.2", "shelf-a#1", "used", "book-1"),
        ("shelf-a.7.3", "shelf-a#1", "used", "book-2"),
        ("shelf-a.7.4", "shelf-a#1", "motivated_by", "law-x#3"),
    ]


def test_a_link_to_nothing_takes_no_number() -> None:
    """The number is in the link's id, by which it is withdrawn."""
    assert links(books=("book-1",)) == [PART_OF, ("shelf-a.7.1", "shelf-a#1", "used", "book-1")]


def test_a_link_begins_at_the_later_thing() -> None:
    assert {"supersedes"} == TARGET_IS_LATER
    assert links(replaces="shelf-z") == [PART_OF, ("shelf-a.7.1", "shelf-z", "supersedes", "shelf-a#1")]


def test_a_legal_basis_is_a_link_with_a_name_of_its_own() -> None:
    based = recorded(ShelfPut(place="x", room_id="room-1"), 7, legal_basis=Citation("law-x", 3))
    assert list(links_of(based)) == [
        LinkBetween("shelf-a.7.0", "shelf-a", "room-1", "part_of"),
        LinkBetween("shelf-a.7.law", "shelf-a", "law-x#3", "on_legal_basis"),
    ]
    assert list(links_of(recorded(ShelfPut(place="x"), 7))) == []


def test_which_relations_there_are() -> None:
    """Most are made by events; any may be stated by somebody (domain/link)."""
    assert set(RELATIONS) == {
        *("adopted_by", "based_on", "carried_out_by", "decided_in", "derived_from", "entrusted_to"),
        *(
            "formulated_with",
            "identifies",
            "motivated_by",
            "on_legal_basis",
            "owned_by",
            "part_of",
            "pursues",
        ),
        *("realises", "responds_to", "says_about", "set_up_by", "supersedes", "used"),
    }


def test_every_relation_is_read_both_ways_in_both_languages() -> None:
    used = {r for e in EVENTS.values() if e.__module__.startswith("domain.") for r in e.LINKS.values()}
    assert used | {"on_legal_basis"} <= RELATIONS.keys()
    for words in RELATIONS.values():
        assert len(words) == 4 and all(words) and len(set(words)) == 4
        assert [word.isascii() for word in words] == [False, True, False, True]
    assert RELATIONS.keys() >= TARGET_IS_LATER


@pytest.mark.parametrize(
    ("relation", "forward", "backward"),
    [
        ("motivated_by", "was motivated by", "motivated"),
        ("on_legal_basis", "has its legal basis in", "is the legal basis of"),
        ("part_of", "is part of", "has part"),
        ("realises", "realises", "is realised by"),
        ("responds_to", "responds to", "is answered by"),
        ("derived_from", "was derived from", "led to"),
        ("supersedes", "supersedes", "was superseded by"),
    ],
)
def test_a_relation_is_said_from_either_end(relation: str, forward: str, backward: str) -> None:
    assert (RELATIONS[relation][1], RELATIONS[relation][3]) == (forward, backward)
