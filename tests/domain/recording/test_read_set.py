"""What a decision rests on: as it was read first, and of what is not written."""

from __future__ import annotations

from domain.recording.read_set import ReadSet


def test_what_was_seen_first_counts() -> None:
    read = ReadSet()
    read.saw("council-x", 3)
    read.saw("council-x", 4)
    read.saw("matter-a", 0)
    assert read.streams == {"council-x": 3, "matter-a": 0}


def test_what_was_answered_first_counts_in_an_order_that_can_be_compared() -> None:
    read = ReadSet()
    assert read.heard("groups_of", "a-1", {"g-2", "g-1"}) == ["g-1", "g-2"]
    assert read.heard("groups_of", "a-1", ["g-3"]) == ["g-3"]
    assert read.heard("groups_of", "a-2", []) == []
    assert read.answers == {("groups_of", "a-1"): ["g-1", "g-2"], ("groups_of", "a-2"): []}


def test_what_is_written_is_guarded_by_the_log_itself() -> None:
    read = ReadSet(dict.fromkeys(("b-1", "c-1", "a-1"), 7))
    assert read.beside(iter(["a-1", "b-1"])) == {"c-1": 7}
    assert read.beside(()) == read.streams
