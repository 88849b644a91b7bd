"""Integrity 記録の健全性: whether anything was altered outside the system, and what does not match (S22)."""

from __future__ import annotations

from projections.answers.due import UNMATCHED
from projections.answers.due_list import as_json, events_of, what_is_due
from projections.answers.integrity import checks
from projections.engine.log_checks import Verdict
from projections.questions.question import Answer, Ask, question

MOST = 200

_WORDS: dict[Verdict, tuple[str, str]] = {
    "fails": (
        "システムの外で変えられた跡があります。",
        "There are traces of an alteration outside the system.",
    ),
    "cannot_tell": (
        "調べた範囲では、変えられた跡は見つかりません。ただし、記録の外に証人がいないため、"
        "システムの外で何も変えられていないとは言い切れません。",
        "As far as was checked there is no trace of an alteration. But nobody outside vouches for the "
        "record, so it cannot be told that nothing was altered outside the system.",
    ),
}
_NOT_KEPT = [
    (
        "記録のハッシュ鎖: 出来事どうしを結ぶハッシュは、まだ保存していない",
        "a hash chain: no hashes that tie the events to one another are kept yet",
    ),
    (
        "外部への証拠: 記録の要約を外部のだれも預かっていない。"
        "データベースに書き込める人による改変は否定できない",
        "an external anchor: nobody outside keeps a digest of the record, so that an alteration by somebody "
        "who may write to the database cannot be ruled out",
    ),
]


@question(
    "S22", ja="システムの外で何か変えられていないか", en="Has anything been altered outside the system?"
)
def altered(ask: Ask, *, full: bool = False) -> Answer:
    """What can be checked today: no position and no version missing, events decode to what their rows say
    (the newest, or with ``full`` all of them), the database refuses changes, each view's last certificate;
    the first bad position, if there is one. Beside it, resolutions and
    conclusions that lack each other, and sources that disagree."""
    done = checks(ask.connection, full=full)
    verdicts = [check.verdict for check in done]
    # Whoever may write to the database can change the log and all that is checked here to fit it: as long as
    # nobody outside vouches for the record, nothing that holds inside proves that nothing was altered.
    verdict: Verdict = "fails" if "fails" in verdicts else "cannot_tell"
    bad = [check.position for check in done if check.verdict == "fails" and check.position is not None]
    unmatched = what_is_due(ask.connection, ask.today, UNMATCHED, over_before=True)[:MOST]
    return Answer(
        says=_WORDS[verdict],
        answer={
            "verdict": verdict,
            "first_bad_position": min(bad, default=None),
            "hash_chain": None,
            "checks": [check.as_json() for check in done],
            "unmatched": as_json(ask.connection, unmatched, ask.today),
        },
        events=events_of(ask.connection, unmatched),
        unknown=[*_NOT_KEPT, *(() if full else (_NOT_DECODED,))],
    )


_NOT_DECODED = (
    "すべての出来事を読んだ結果（すべてを読むよう求めたときにだけ読む）",
    "the result of decoding every event (they are all read only when that is asked for)",
)
