"""Every sentence in both languages is found, with a key of its own that stays."""

from __future__ import annotations

from pathlib import Path

import pytest

import api
from api.http.problems import PROBLEMS
from api.translating.declared import declared
from api.translating.in_python import pairs_in
from api.translating.in_templates import pairs_in as pairs_in_template
from api.translating.inventory import inventory, inventory_of
from domain.kernel.events import EVENTS
from domain.kernel.record import KINDS
from domain.values.refusal import REFUSALS
from projections.questions.question import QUESTIONS

ROOT = Path(str(api.__file__)).parents[1]


def found(source: str) -> list[tuple[str, str]]:
    return [pair for _, pair in pairs_in(source, "some.module").pairs]


def faults(source: str) -> list[str]:
    return [fault.why for fault in pairs_in(source, "some.module").faults]


# ------------------------------------------------------------------------------------------- all of them


def test_nothing_is_said_that_nobody_could_translate() -> None:
    assert inventory().faults == ()


def test_everything_declared_has_the_key_of_its_declaration() -> None:
    sentences = inventory().sentences
    for code, refusal in REFUSALS.items():
        assert f"refusal.{code}.sentence" in sentences and f"refusal.{code}.next" in sentences, refusal
    assert {f"problem.{code}.sentence" for code in PROBLEMS} <= sentences.keys()
    assert {f"question.{code}.title" for code in QUESTIONS} <= sentences.keys()
    own = {name for name, event in EVENTS.items() if event.__module__.startswith("domain.")}
    assert {f"event.{name}.label" for name in own} <= sentences.keys()
    commands = {f"command.{kind.__name__}.{name}" for kind in KINDS.values() for name in kind.COMMANDS}
    assert commands <= sentences.keys()
    assert sentences["role.CHR"].ja == "座長"


def test_no_key_is_given_twice() -> None:
    keys = [key for key, _, _ in declared()]
    assert len(keys) == len(set(keys))


def test_one_sentence_is_asked_for_once() -> None:
    pairs = [(s.ja, s.en) for s in inventory().once()]
    assert len(pairs) == len(set(pairs))
    assert set(pairs) == {(s.ja, s.en) for s in inventory().sentences.values()}


def test_a_sentence_says_which_files_say_it() -> None:
    sentence = next(s for s in inventory().sentences.values() if s.ja == "案件第{no}号")
    assert (sentence.en, sentence.places) == ("Matter no. {no}", ("api/pages/matter/matters.py",))


# ------------------------------------------------------------------------------------------ keys that stay


@pytest.mark.parametrize(
    "path", ["api/pages/matter/matter_outcome.py", "api/words/values.py", "domain/kernel/refusals.py"]
)
def test_moving_a_function_or_a_line_changes_no_key(path: str) -> None:
    source = (ROOT / path).read_text(encoding="utf-8")
    head, *rest = source.split("\n\n\n")
    moved = "\n\n\n".join([head, "# a line more", *reversed(rest)])
    assert moved != source
    before, after = inventory_of({path: source}, []), inventory_of({path: moved}, [])
    assert before.sentences
    assert after.sentences == before.sentences


def test_moving_a_sentence_to_another_file_changes_no_key() -> None:
    source = 'def f():\n    return tr("案件はありません。", "There is no matter.")\n'
    one, other = inventory_of({"api/a/b.py": source}, []), inventory_of({"api/c/d.py": source}, [])
    assert one.sentences.keys() == other.sentences.keys()


def test_a_refusal_has_one_key_whether_or_not_its_module_is_loaded() -> None:
    source = 'NO = refusal("NO", ja="いいえ。", en="No.", rule="r", next_ja="次へ。", next_en="Go on.")\n'
    known = [("refusal.NO.sentence", "いいえ。", "No."), ("refusal.NO.next", "次へ。", "Go on.")]
    assert (
        inventory_of({"api/a.py": source}, known).sentences
        == inventory_of({"api/a.py": source}, []).sentences
    )


def test_words_in_a_table_are_called_by_their_place_in_it() -> None:
    source = 'class Opened(Event):\n    WORDS = {"place": ("場所", "Place"), "url": ("URL", "URL")}\n'
    keys = inventory_of({"domain/meeting/events.py": source}, []).sentences.keys()
    assert set(keys) == {"meeting.events.Opened.WORDS.place", "meeting.events.Opened.WORDS.url"}


# ------------------------------------------------------------------------------------- how code says things


@pytest.mark.parametrize(
    ("source", "pairs"),
    [
        ('tr("会議", "meeting")', [("会議", "meeting")]),
        ('shell.say(f"{n}件", f"{n} found")', [("{n}件", "{n} found")]),
        ('tr(f"{len(found):,}件", f"{len(found)} found")', [("{found}件", "{found} found")]),
        ('tr("あと" + days + "日", days + " days left")', [("あと{days}日", "{days} days left")]),
        ('tr("残り", "1 day" if n == 1 else "days")', [("残り", "1 day"), ("残り", "days")]),
        (
            '("開く" if yes else "閉じる", "open" if yes else "close")',
            [("開く", "open"), ("閉じる", "close")],
        ),
        ('f(1, "会議", "meeting", 2)', [("会議", "meeting")]),
        ('g(ja="会議", en="meeting", next_ja="次", next_en="next")', [("会議", "meeting"), ("次", "next")]),
        ('X(until="四月", until_en="April")', [("四月", "April")]),
        ('a = {"ja": "なぜ", "en": "why"}[language]', [("なぜ", "why")]),
        ('a = "なし" if lang == "ja" else "none"', [("なし", "none")]),
        ('a = "none" if lang() != "ja" else "なし"', [("なし", "none")]),
        ('def f(lang):\n    if lang == "en":\n        return "none"\n    return "なし"', [("なし", "none")]),
        ('def f():\n    a_ja = "なし"\n    a_en = "none"', [("なし", "none")]),
        (
            """(f"{day.label('ja')}の記録", f"on record as of {day.label('en')}")""",
            [("{day}の記録", "on record as of {day}")],
        ),
        (
            """tr(f"記録: {a or '、'.join(x)}。", f"On record: {a or ', '.join(x)}.")""",
            [("記録: {x}。", "On record: {x}."), ("、", ", ")],
        ),
    ],
)
def test_a_pair_is_found_however_it_is_said(source: str, pairs: list[tuple[str, str]]) -> None:
    assert found(source) == pairs
    assert faults(source) == []


@pytest.mark.parametrize(
    "source",
    [
        'tr("会議", words)',
        'tr(words, "会議です")',
        'tr("会議" if a else "案件", meeting(a))',
        'a = "会議"',
        'shell.say(f"{n}件です", count)',
    ],
)
def test_japanese_beside_no_english_is_a_fault(source: str) -> None:
    assert faults(source)


@pytest.mark.parametrize(
    "source",
    [
        'def f():\n    """会議を開く。"""',
        'click.option("--x", help="言語。 The language.")',
        'refusal("A", ja="あ", en="a", rule="条例第1条", next_ja="い", next_en="b")',
        're.compile("[0-9]+年")',
        "tr(*KINDS[kind].LABEL)",
        'tr(both["ja"], both["en"])',
    ],
)
def test_what_is_said_elsewhere_or_is_no_sentence_is_none(source: str) -> None:
    assert faults(source) == []


def test_a_template_joins_its_sentences() -> None:
    source = '{{ tr("問い" ~ q.number, "Question " ~ q.number) }}{{ tr("なし", "none") }}'
    assert pairs_in_template(source) == ([("問い{number}", "Question {number}"), ("なし", "none")], [])


@pytest.mark.parametrize("source", ['{{ tr("問い", name) }}', "<p>問い</p>", '{{ tr("問い") }}'])
def test_a_template_that_says_japanese_alone_has_a_fault(source: str) -> None:
    assert pairs_in_template(source)[1]
