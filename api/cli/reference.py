"""``kyodo refusals``, ``permissions`` and ``reference``: what the declarations say, told and written down."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click

from api.cli.shell import DIFFERS, Shell, json_option, pass_shell
from api.commands import path_of
from api.http.problems import PROBLEMS, declare, explanations
from api.reference import reference_pages
from api.setup import rules_of_service
from domain.kernel.record import KINDS
from domain.kernel.roles import ROLE_NAMES

NO_CHECKOUT = declare(
    409,
    "NO_CHECKOUT",
    ja="インストールされたパッケージには docs/reference/ がないため、資料を書き出せません。",
    en="An installed package has no docs/reference/ whose pages could be written or checked.",
    rule=rules_of_service.DOCUMENTATION,
    next_ja="リポジトリで make check の後に .venv/bin/kyodo reference を実行してください。"
    "ここでは kyodo refusals と kyodo permissions が一部を示します。",
    next_en="Run .venv/bin/kyodo reference in a checkout, after make check. Here kyodo refusals and "
    "kyodo permissions tell a part of it.",
)


@click.command()
@json_option
@pass_shell
def refusals(shell: Shell) -> None:
    """拒否の一覧。 Every refusal: its code, its sentence in both languages, its rule."""
    listed = [
        entry | {"from": "service" if entry["code"] in PROBLEMS else "domain"} for entry in explanations()
    ]
    shell.result(listed)
    for entry in () if shell.as_json else listed:
        click.echo(f"{entry['code']}  {entry['status']}")
        for language in ("ja", "en"):
            click.echo(f"  {entry['sentence'][language]} {entry['what_next'][language]}")
        click.echo(f"  {shell.tr('規則', 'rule')}: {entry['rule'][shell.language]} {entry['rule_url']}\n")


@click.command()
@json_option
@pass_shell
def permissions(shell: Shell) -> None:
    """誰が何をできるか。 Every command, and the roles that may give it."""
    listed = list(commands())
    shell.result(listed)
    headings = (shell.tr("対象", "kind"), shell.tr("操作", "command"), shell.tr("役割", "roles"), "POST")
    language = "ja" if shell.language == "ja" else "en"
    shell.table(
        headings,
        [(c["kind"], c[language], " ".join(c["roles"]), c["path"]) for c in listed],
    )


def commands() -> Iterator[dict[str, Any]]:
    """Every command there is: its names, its roles, its address."""
    for kind in KINDS.values():
        for command in kind.COMMANDS.values():
            yield {
                "kind": kind.__name__,
                "command": command.name,
                "ja": command.about[0],
                "en": command.about[1],
                "roles": list(command.roles),
                "role_names": [ROLE_NAMES[role][0] for role in command.roles],
                "path": f"/api/v1/{kind.COLLECTION}{path_of(command)}",
            }


@click.command()
@click.option(
    "--check", is_flag=True, help="書かずに確かめる。 Write nothing; end with 3 if a page is stale."
)
@json_option
@pass_shell
@click.pass_context
def reference(context: click.Context, shell: Shell, check: bool) -> None:
    """資料を書き出す。 Write docs/reference/ anew from the declarations."""
    if not reference_pages.is_checkout():
        raise NO_CHECKOUT()
    pages = reference_pages.pages(context.find_root().command)
    changed = reference_pages.stale(pages) if check else reference_pages.write(pages)
    shell.result({"stale" if check else "written": changed})
    if changed:
        heading = shell.tr("古い", "stale") if check else shell.tr("更新", "written")
        shell.table((heading,), [(name,) for name in changed])
    else:
        shell.say("資料はすべて新しいです。", "Every page is up to date.")
    context.exit(DIFFERS if check and changed else 0)
