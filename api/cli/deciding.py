"""``kyodo verify --rules``: every event decided anew, by the rules that were in force."""

from __future__ import annotations

import sys
from collections import Counter
from typing import Any

import click

from api.cli.shell import DIFFERS, Shell
from domain.recording.deciding_anew import Verdict
from projections.rebuild.deciding import decide_log_anew


def decide(context: click.Context, shell: Shell) -> None:
    """Decide the whole log anew, and say what does not stand; ends with 3 if something does not."""
    outcomes: Counter[str] = Counter()
    broken: list[Verdict] = []
    with shell.store() as store:
        until, explained = store.head(), 0
        for verdict in decide_log_anew(store, until):
            outcomes[verdict.outcome] += verdict.explains
            explained += verdict.explains
            broken += [verdict] if verdict.broken else []
            if sys.stderr.isatty() and explained % 1_000 < verdict.explains:
                click.echo(f"\r{explained:,} / {until:,}", nl=False, err=True)
    shell.result(
        {
            "position": until,
            "decided": explained,
            "stands": outcomes["stands"],
            "imported": outcomes["imported"],
            "broken": [verdict_json(verdict) for verdict in broken],
        }
    )
    shell.say(
        f"{explained}件の出来事を規則で判断し直しました（位置 {until} まで）。"
        f"そのまま成り立つもの {outcomes['stands']}件、取り込みとして成り立つもの {outcomes['imported']}件、"
        f"成り立たないもの {len(broken)}件。",
        f"{explained} events decided anew by the rules, up to position {until}: {outcomes['stands']} stand, "
        f"{outcomes['imported']} stand as an import's, {len(broken)} do not stand.",
    )
    for verdict in broken if not shell.as_json else ():
        _tell_broken(shell, verdict)
    if broken:
        context.exit(DIFFERS)


def _tell_broken(shell: Shell, verdict: Verdict) -> None:
    e = verdict.event
    click.echo(f"  {e.position} {e.type} {e.stream} {e.event_id}")
    match verdict.outcome:
        case "refused" if verdict.refusal is not None:
            why = verdict.refusal.sentence(shell.language)
            click.echo(f"    {verdict.refusal.code}: {why}")
        case "differs":
            click.echo(shell.tr("    別の内容になります。", "    Something else would be recorded."))
        case _:
            click.echo(shell.tr("    これを記録する操作がありません。", "    No command records this."))


def verdict_json(verdict: Verdict) -> dict[str, Any]:
    """An event that does not stand: where it is, and why."""
    e, refused = verdict.event, verdict.refusal
    return {
        "position": e.position,
        "event_id": e.event_id,
        "type": e.type,
        "stream": e.stream,
        "outcome": verdict.outcome,
        "refusal": refused
        and {
            "code": refused.code,
            "sentence": {"ja": refused.sentence("ja"), "en": refused.sentence("en")},
        },
    }
