"""``kyodo approve-correction``: what reaches so far that nobody waits for it over HTTP."""

from __future__ import annotations

import click

from api.access.accounts import Accounts
from api.cli.shell import Shell, json_option, pass_shell
from domain.kernel.events import Actor
from domain.kernel.roles import ROLE_NAMES
from domain.recording.application import command_named
from domain.recording.receipts import CommandTerms
from projections.past.changes import kind_of_thing

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
