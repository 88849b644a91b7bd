"""Statements typed as one text: nothing of it is changed, and nobody is guessed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.office.meetings.statements import Asked, Other, Person, Roster, Speaker, asked, cut

ROSTER = Roster(
    [
        Person("seat-1", "北沢 文江"),
        Person("seat-2", "佐伯 恵"),
        Person("seat-3", "佐藤 健"),
        Person("seat-4", "佐藤 花"),
        Person("seat-5", "中里 剛"),
    ],
    chair="seat-1",
    deputy="seat-2",
    others=[Other("事務局", "野口 純", "市民協働課係長"), Other("助言者", "秋山 理", "准教授")],
)

TEXT = st.text("○ 　：\n（）座長佐伯委員事務局案", max_size=80)


@given(TEXT)
def test_put_together_again_it_is_what_was_typed(text: str) -> None:
    preface, spoken = cut(text)
    assert preface + "".join(s.head + s.body for s in spoken) == text


@given(TEXT)
def test_every_statement_stands_in_the_text_as_it_was_typed(text: str) -> None:
    at = 0
    for s in cut(text)[1]:
        at = text.index(s.text, at) + len(s.text)
        assert s.text == s.text.strip()


@given(st.text("座長佐伯藤委員事務局（）花", max_size=10))
def test_who_is_meant_is_one_person_or_is_asked(name: str) -> None:
    who = ROSTER.who(name)
    assert isinstance(who, Asked) or who.seat is None or who.seat in {m.seat for m in ROSTER.members}


def test_heads_are_read_as_they_are_typed() -> None:
    first, second = "○座長　続いて議事2です。\n二行目です。\n", "◯事務局（野口 係長）：資料です。\n"
    preface, spoken = cut(f"前書き\n{first}{second}○佐伯委員\n質問です。")
    assert preface == "前書き\n"
    assert [(s.name, s.text, s.line) for s in spoken] == [
        ("座長", "続いて議事2です。\n二行目です。", 2),
        ("事務局（野口 係長）", "資料です。", 4),
        ("佐伯委員", "質問です。", 5),
    ]


@pytest.mark.parametrize(
    ("name", "who"),
    [
        ("座長", Speaker("seat-1", "座長")),
        ("副座長", Speaker("seat-2", "委員")),
        ("佐伯委員", Speaker("seat-2", "委員")),
        ("佐伯　恵", Speaker("seat-2", "委員")),
        ("北沢さん", Speaker("seat-1", "座長")),
        ("花委員", Speaker("seat-4", "委員")),
        ("事務局", Speaker(None, "事務局")),
        ("事務局（野口係長）", Speaker(None, "事務局（市民協働課係長）")),
        ("事務局（知らない人）", Speaker(None, "事務局")),
        ("秋山", Speaker(None, "助言者（准教授）")),
        ("傍聴者", Speaker(None, "傍聴者")),
    ],
)
def test_who_is_meant(name: str, who: Speaker) -> None:
    assert ROSTER.who(name) == who


def test_a_name_of_two_or_of_nobody_is_asked_and_the_answer_is_taken() -> None:
    assert ROSTER.who("佐藤委員") == Asked("佐藤委員", ("seat-3", "seat-4"), several=True)
    unknown = ROSTER.who("山口委員")
    assert isinstance(unknown, Asked)
    assert not unknown.several
    told = Roster(ROSTER.members, chosen={"山口委員": "seat-5", "佐藤委員": "role:傍聴者"})
    assert told.who("山口委員") == Speaker("seat-5", "委員")
    assert told.who("佐藤委員") == Speaker(None, "傍聴者")
    _, spoken = cut("○山口委員　一\n○佐藤委員　二\n○山口委員　三")
    assert [one.name for one in asked(spoken, ROSTER)] == ["山口委員", "佐藤委員"]
