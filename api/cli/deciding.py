"""``kyodo verify --rules``: every event decided anew, by the rules that were in force; and
``kyodo approve-correction``: what reaches so far that nobody waits for it over HTTP."""

from __future__ import annotations

import sys
from collections import Counter
from typing import Any

import click

from api.access.accounts import Accounts
from api.cli.shell import DIFFERS, Shell, json_option, pass_shell
from domain.kernel.events import Actor
from domain.kernel.roles import ROLE_NAMES
from domain.recording.application import command_named
from domain.recording.deciding_anew import Verdict
from domain.recording.receipts import CommandTerms
from projections.past.changes import kind_of_thing
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


APPROVING = ("CHR", "APR")


@click.command("approve-correction")
@click.argument("entity")
@click.argument("correction")
@click.option("--as", "login", required=True, metavar="NAME", help="承認する人。 Who approves it.")
@click.option("--yes", is_flag=True, help="確認しない。 Do not ask.")
@json_option
@pass_shell
def approve_correction(shell: Shell, entity: str, correction: str, login: str, yes: bool) -> None:
    """訂正案を承認する（件数の上限なし）。 Approve a proposed correction, however far it reaches.

    Every later event of the record, and of what names it, is decided anew first.
    """
    with shell.store() as store:
        account = Accounts(store.engine).named(login)
        role = next((r for r in APPROVING if r in account.roles), account.roles[0])
        words = ROLE_NAMES[role]
        shell.confirm(
            f"「{login}」が{words[0]}として訂正案「{correction}」を承認することでよいですか。",
            f"Shall “{login}” approve the correction “{correction}” as {words[1]}?",
            yes,
        )
        with store.engine.connect() as connection:
            kind = kind_of_thing(connection, entity)
        application = store.application
        application.most_judged = None
        terms = CommandTerms(Actor(role, account.party_id), frozenset(account.roles))
        command = command_named(kind, "approve_correction")
        receipt = application.execute(command, entity, {"correction_id": correction}, terms)
    shell.result({"position": receipt.position, "event_ids": list(receipt.event_ids)})
    shell.say(
        f"承認しました（{len(receipt.event_ids)}件を記録、位置 {receipt.position}）。",
        f"Approved: {len(receipt.event_ids)} events recorded, up to position {receipt.position}.",
    )
