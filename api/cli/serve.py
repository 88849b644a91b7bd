"""``kyodo serve``: gunicorn with the record. With ``--first-run`` everything that has to be there first."""

from __future__ import annotations

import datetime as dt
import os
import sys

import click

from api.access import access_log
from api.access.accounts import ROLES, Account, Accounts
from api.access.tokens import LINK_LIFE, Tokens
from api.cli.importing import import_into
from api.cli.rebuild_progress import replaying
from api.cli.shell import REFUSED, Shell, json_option, pass_shell
from api.health.readiness import SCHEMA_INCOMPLETE
from api.http.problems import declare
from api.serve import gunicorn_settings
from api.setup import record_setup
from api.setup.record_settings import FIRST_LINK, FIRST_SESSION, keep_setting, setting
from domain.history import KANAZAWA
from projections.engine import rules
from projections.engine.store import Store
from projections.engine.view_versions import standings, view_differences
from projections.migrations.upgrading import refuse_foreign

VIEWS_OUTDATED = declare(
    503,
    "VIEWS_OUTDATED",
    ja="次のビューは、この版のコードで作られていません（{views}）。設定により公開を始めません。",
    en="These views were not built by the code of this version ({views}); as configured, it does not start.",
    rule=rules.OUTDATED,
    next_ja="kyodo rebuild で作り直すか、VIEWS_OUTDATED=serve で古いビューのまま公開してください。",
    next_en="Run kyodo rebuild, or serve the older views with VIEWS_OUTDATED=serve.",
)

FIRST_LOGIN = "staff"
FIRST_ROLES = tuple(role for role in ROLES if role != "IMP")


@click.command()
@click.option(
    "--first-run",
    is_flag=True,
    help="なければ記録を作り、史料を取り込む。 Make and fill the record if need be.",
)
@click.option(
    "--workers",
    type=click.IntRange(min=1),
    default=2,
    show_default=True,
    help="ワーカー数。 Worker processes.",
)
@json_option
@pass_shell
@click.pass_context
def serve(context: click.Context, shell: Shell, first_run: bool, workers: int) -> None:
    """記録を公開する。 Serve the record with gunicorn at HOST and PORT.

    --first-run creates the record, imports the history of Kanazawa where nothing is recorded yet, and makes a
    first account with a one-time link, which is printed once and never again. A second run finds all of this
    done and changes nothing.
    """
    shell.record.signing_key()  # made once, before several workers would look for it
    with shell.store(create=first_run) as store:
        if first_run and not _prepare(shell, store):
            context.exit(REFUSED)
        _refuse_what_cannot_be_served(shell, store)
        waiting = first_account(store) if first_run else None
        link = first_link(shell, store, waiting) if waiting else None
        count = store.head()
        address = f"{shell.address}/"
    shell.result({"address": address, "events": count, "sign_in_link": link})
    shell.say(f"協働の記録（出来事{count}件）: {address}", f"Kyodo Record ({count} events): {address}")
    if link:
        hours = int(LINK_LIFE.total_seconds() // 3600)
        shell.say(
            f"最初のサインイン（一度だけ、{hours}時間以内）: {link}",
            f"First sign-in, once, within {hours} hours: {link}",
        )
    elif waiting:
        shell.say(
            f"まだ誰もサインインしていません。リンクは kyodo user link {waiting.login} で作れます。",
            f"Nobody has signed in yet: kyodo user link {waiting.login} makes a link.",
        )
    sys.stdout.flush()
    settings: dict[str, str] = {}
    if first_run and shell.record.public_url is None:
        settings["PUBLIC_URL"] = shell.process.local_url  # a record on screen has absolute addresses too
    _become_gunicorn(shell, workers, settings)


def _prepare(shell: Shell, store: Store) -> bool:
    """The record, its views, the history and an account; whether all of it is there."""
    record_setup.create(store)
    with replaying(shell) as report:
        record_setup.bring_up_to_date(store, report)
    accounts = Accounts(store.engine)
    if not accounts.all():
        made = accounts.add(FIRST_LOGIN, FIRST_ROLES)
        access_log.done_on_server(store.engine, "ACCOUNT_ADDED", made, "kyodo serve --first-run")
    return store.head() > 0 or import_into(shell, store, KANAZAWA)


def _refuse_what_cannot_be_served(shell: Shell, store: Store) -> None:
    """Tables that are missing, or others; views of other code, if VIEWS_OUTDATED says so."""
    with store.engine.connect() as connection:
        refuse_foreign(connection)
        if differences := view_differences(connection):
            raise SCHEMA_INCOMPLETE(tables=", ".join(map(str, differences)))
        outdated = [name for name, state in standings(connection).items() if state != "current"]
    if outdated and shell.process.views_outdated == "rebuild":
        with replaying(shell) as report:
            record_setup.bring_up_to_date(store, report)
    elif outdated and shell.process.views_outdated == "refuse":
        raise VIEWS_OUTDATED(views=", ".join(outdated))
    elif outdated:
        named = " ".join(outdated)
        shell.say(
            f"古いコードのビューをそのまま公開します（kyodo rebuild {named}）。",
            f"Views of other code are served as they are (kyodo rebuild {named}).",
        )


def first_account(store: Store) -> Account | None:
    """The account that was made first, as long as nobody has ever signed in."""
    if setting(store.engine, FIRST_SESSION) is not None:
        return None
    usable = [account for account in Accounts(store.engine).all() if not account.disabled]
    return min(usable, key=lambda account: account.created_at, default=None)


def first_link(shell: Shell, store: Store, account: Account) -> str | None:
    """A link for the first account, once in the life of a record: whoever reads the service's output later
    finds nothing that opens it."""
    now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    if not keep_setting(store.engine, FIRST_LINK, now):
        return None
    access_log.done_on_server(store.engine, "LINK_MADE", account, "kyodo serve --first-run")
    return sign_in_link(shell, store, account)


def sign_in_link(shell: Shell, store: Store, account: Account) -> str:
    """The address of a new one-time link."""
    return f"{shell.address}/sign-in/link/{Tokens(store.engine).make_link(account)}"


def _become_gunicorn(shell: Shell, workers: int, settings: dict[str, str]) -> None:
    """This process becomes gunicorn's, with further settings: signals and exit codes are its own."""
    options = ["--config", f"python:{gunicorn_settings.__name__}"]
    options += ["--bind", f"{shell.process.bind_host}:{shell.process.port}", "--workers", str(workers)]
    os.execve(sys.executable, [sys.executable, "-m", "gunicorn", *options], {**os.environ, **settings})
