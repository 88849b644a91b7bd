"""Sentences that several papers have: who was there, how the votes fell, what was corrected."""

from __future__ import annotations

from collections.abc import Iterator

from api.http.language import tr
from api.pages.parts import marks
from api.pages.parts.names import Names
from api.pages.parts.quorum import quorum_label
from api.papers import words
from domain.kernel.events import EVENTS
from projections.engine.event_json import Json


def attended(check: Json | None) -> str | None:
    """出席10人、在任13人、成立（必要7人）; None where nothing is on record."""
    if check is None:
        return None
    present, serving = check["present"], check["serving"]
    parts = (
        tr(f"出席{present}人", f"{present} present") if present is not None else None,
        tr(f"在任{serving}人", f"{serving} serving") if serving is not None else None,
        quorum_label(check),
    )
    return tr("、", ", ").join(filter(None, parts))


def voted(votes: Json) -> str:
    """賛成6人、反対3人、棄権1人."""
    counts = [
        tr(f"賛成{votes['for']}人", f"{votes['for']} for"),
        tr(f"反対{votes['against']}人", f"{votes['against']} against"),
    ]
    counts += [tr(f"棄権{votes['abstain']}人", f"{votes['abstain']} abstained")] if votes["abstain"] else []
    counts += (
        [tr(f"投票せず{votes['not_voting']}人", f"{votes['not_voting']} not voting")]
        if votes["not_voting"]
        else []
    )
    counts += (
        [tr(f"可否同数で{votes['casting_vote']}に決裁", f"casting vote {votes['casting_vote']}")]
        if votes["casting_vote"]
        else []
    )
    return tr("、", ", ").join(counts)


def correction_lines(type_: str, e: Json, names: Names) -> Iterator[str]:
    """What was corrected of an event: 市の決定の日付　2月2日を2月9日に改めた。理由、だれが承認したか."""
    event = tr(*EVENTS[type_].LABEL)
    for made in marks.corrected(e["said"].get("corrections"), names):
        changes = tr("、", "; ").join(
            tr(
                f"{x['label']}を「{words.era_only(words.plain(x['before']))}」から「{words.era_only(words.plain(x['after']))}」に改めた",
                f"{x['label']}: from “{words.plain(x['before'])}” to “{words.plain(x['after'])}”",
            )
            for x in made["changes"]
        )
        why = words.in_quotes(made["reason"] or "")
        yield words.sentences(
            tr(f"{event}：{changes}", f"{event}: {changes}"),
            tr(f"理由は{why}", f"Why: {why}")
            if made["reason"]
            else tr("理由の記録なし", "Why is not on record"),
            tr(
                f"{words.day(made['since'])}に訂正（承認：{made['approved_label']}）",
                f"Corrected on {words.day(made['since'])}, approved by {made['approved_label']}",
            )
            if made["approved_label"]
            else tr(f"{words.day(made['since'])}に訂正", f"Corrected on {words.day(made['since'])}"),
        )
