"""``kyodo views``, ``rebuild`` and ``verify``: what can be seen, made anew, and proved equal to the log."""

from __future__ import annotations

from typing import Any

import click

from api.cli.deciding import decide
from api.cli.rebuild_progress import replaying
from api.cli.shell import DIFFERS, INTERRUPTED, Shell, json_option, pass_shell
from api.reads.view_status import STANDINGS, difference_json, proof_json, views_told
from projections.engine.store import Store
from projections.rebuild import replay
from projections.rebuild.leftover_tables import drop_remains, remains
from projections.rebuild.proving import Proof
from projections.rebuild.rebuild_register import only_rebuild
from projections.rebuild.replay import ViewDiffers


@click.command()
@click.option(
    "--prune",
    is_flag=True,
    help="入れ替え前の表、なくなったビューの表を消す。 Drop the tables that rebuilds have left.",
)
@click.option("--yes", is_flag=True, help="--prune を確認しない。 Do not ask about --prune.")
@json_option
@pass_shell
def views(shell: Shell, prune: bool, yes: bool) -> None:
    """ビューの一覧。 Every view: its version, its tables, of which code they are, and the last rebuild."""
    with shell.store() as store:
        if prune:
            _prune(shell, store, yes)
            return
        with store.engine.connect() as connection:
            statuses = views_told(connection)
    shell.result(statuses)
    headings = (
        "view",
        shell.tr("名前", "name"),
        shell.tr("版", "version"),
        shell.tr("状態", "state"),
        "position",
    )
    shell.table(
        headings,
        [
            (
                v["name"],
                v["title"][shell.language],
                v["version"],
                shell.tr(*STANDINGS[v["state"]]),
                v["last_build"] and v["last_build"]["position"],
            )
            for v in statuses["items"]
        ],
    )
    run = statuses["run"]
    if run is not None:
        at = f"{run['position']}/{run['head']}, {run['phase']}, {run['built_by']}, {run['updated_at']}"
        shell.say(f"再構築中: {at}", f"Rebuilding: {at}")


def _prune(shell: Shell, store: Store, yes: bool) -> None:
    """Drop what no reader needs any more; a rebuild that is running keeps its tables."""
    connection = store.connect()
    with only_rebuild(store):
        names = [table.name for table in remains(connection.cursor(), store.postgres)]
        if names:
            listed = "\n  ".join(names)
            shell.confirm(f"次の表を消しますか。\n  {listed}\n", f"Drop these tables?\n  {listed}\n", yes)
        dropped = drop_remains(store, connection, gone_views=True)
    connection.close()
    shell.result({"dropped": dropped})
    shell.say(f"{len(dropped)}の表を消しました。", f"Dropped {len(dropped)} tables.")


@click.command()
@click.argument("names", nargs=-1, metavar="[VIEW]...")
@click.option(
    "--repair", is_flag=True, help="違っていても入れ替える。 Swap even where the live view differs."
)
@click.option("--yes", is_flag=True, help="--repair を確認しない。 Do not ask about --repair.")
@click.option(
    "--diff",
    is_flag=True,
    help="作って比べるだけで入れ替えない。 Build beside the live views, show differences, swap nothing.",
)
@click.option(
    "--workers",
    type=click.IntRange(min=1),
    help="プロセス数（既定は、割に合う数）。 Processes; as many as pay by default.",
)
@click.option(
    "--by", default="kyodo rebuild", show_default=True, help="証明書に残す名。 Who, for the certificate."
)
@json_option
@pass_shell
@click.pass_context
def rebuild(
    context: click.Context,
    shell: Shell,
    names: tuple[str, ...],
    repair: bool,
    yes: bool,
    diff: bool,
    workers: int | None,
    by: str,
) -> None:
    """ビューを作り直す。 Make views anew from the log, prove them equal, and swap them in while serving.

    Ends with 3, and swaps nothing, if a view of unchanged version comes out otherwise than it stands.
    Interrupted (Ctrl-C), it leaves the live views as they are and ends with 130.
    """
    if diff:
        _compare(context, shell, names)
        return
    if repair:
        shell.confirm(
            "現行のビューと違っていても入れ替えますか。",
            "Swap the views in even if the live ones differ?",
            yes,
        )
    with shell.store() as store, replaying(shell) as report:
        try:
            proofs = replay.rebuild(store, names, report, repair=repair, who=by, workers=workers)
        except ViewDiffers as differs:
            _tell(shell, [differs.proof])
            shell.refuse(differs.refusal)
            context.exit(DIFFERS)
        except KeyboardInterrupt:
            shell.say("止めました。現行のビューはそのままです。", "Stopped. The live views are as they were.")
            context.exit(INTERRUPTED)
    _tell(shell, proofs)


@click.command()
@click.argument("names", nargs=-1, metavar="[VIEW]...")
@click.option(
    "--rules",
    is_flag=True,
    help="出来事を一つずつ規則で判断し直す。 Decide every event anew by the rules, instead.",
)
@json_option
@pass_shell
@click.pass_context
def verify(context: click.Context, shell: Shell, names: tuple[str, ...], rules: bool) -> None:
    """ビューを記録と突き合わせる。 Compare views with a replay of the log, all of them if none is named.

    With --rules, decide each event of the log anew, on what was on record before it, by the rules in force
    when it was recorded. Locks and changes nothing; ends with 3 if a view differs, or an event breaks a rule.
    """
    if rules:
        decide(context, shell)
    else:
        _compare(context, shell, names)


def _compare(context: click.Context, shell: Shell, names: tuple[str, ...]) -> None:
    with shell.store() as store, replaying(shell) as report:
        try:
            proofs = replay.verify(store, names, report)
        except KeyboardInterrupt:
            context.exit(INTERRUPTED)
    _tell(shell, proofs)
    if not all(proof.equal for proof in proofs):
        context.exit(DIFFERS)


def _tell(shell: Shell, proofs: list[Proof]) -> None:
    shell.result([proof_json(proof) for proof in proofs])
    equal, differs = shell.tr("一致", "equal"), shell.tr("不一致", "DIFFERS")
    headings = ("view", shell.tr("結果", "result"), "position", shell.tr("秒", "seconds"), "digest")
    shell.table(
        headings,
        [
            (p.view, equal if p.equal else differs, p.position, f"{p.seconds:.2f}", p.replayed_digest)
            for p in proofs
        ],
    )
    for proof in () if shell.as_json else proofs:
        for difference in proof.differences:
            _tell_difference(shell, difference_json(difference))


def _tell_difference(shell: Shell, difference: dict[str, Any]) -> None:
    click.echo(f"  {difference['table']} {tuple(difference['key'])}:")
    click.echo(f"    {shell.tr('現行', 'live')}:     {difference['live']}")
    click.echo(f"    {shell.tr('記録から', 'replayed')}: {difference['replayed']}")
    for e in difference["events"]:
        click.echo(f"    {shell.tr('出来事', 'event')} {e['position']} {e['type']} {e['event_id']}")
