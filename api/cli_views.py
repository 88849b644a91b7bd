"""``kyodo views``, ``rebuild`` and ``verify``: what can be seen, made anew, and proved equal to the log."""

from __future__ import annotations

from typing import Any

import click
import sqlalchemy as sa

from api.cli_shell import DIFFERS, Shell, json_option, pass_shell
from api.health import view_states
from projections import replay
from projections.proving import Proof
from projections.replay import ViewDiffers
from projections.tables import VIEW_BUILD
from projections.view import VIEWS


@click.command()
@json_option
@pass_shell
def views(shell: Shell) -> None:
    """ビューの一覧。 Every view: its version, its tables, and whether the running code built it."""
    with shell.store() as store:
        states = view_states(store)
        with store.engine.connect() as connection:
            built = {row.view: row._mapping for row in connection.execute(sa.select(VIEW_BUILD))}
    listed: list[dict[str, Any]] = [
        {
            "view": view.name,
            "ja": view.ja,
            "en": view.en,
            "version": view.version,
            "tables": [str(table.name) for table in view.tables],
            "state": states[view.name],
            "built": dict(built[view.name]) if view.name in built else None,
        }
        for view in VIEWS.values()
    ]
    shell.result(listed)
    headings = (
        "view",
        shell.t("名前", "name"),
        shell.t("版", "version"),
        shell.t("状態", "state"),
        "position",
    )
    named = {
        "current": shell.t("現行", "current"),
        "other_code": shell.t("別の版が構築（kyodo rebuild）", "built by other code (kyodo rebuild)"),
        "never_built": shell.t("未構築（kyodo init）", "never built (kyodo init)"),
    }
    shell.table(
        headings,
        [
            (v["view"], v["ja" if shell.language == "ja" else "en"], v["version"], named[v["state"]], _at(v))
            for v in listed
        ],
    )


def _at(listed: dict[str, Any]) -> Any:
    return listed["built"]["position"] if listed["built"] else None


@click.command()
@click.argument("names", nargs=-1, metavar="[VIEW]...")
@click.option(
    "--repair", is_flag=True, help="違っていても入れ替える。 Swap even where the live view differs."
)
@click.option("--yes", is_flag=True, help="--repair を確認しない。 Do not ask about --repair.")
@json_option
@pass_shell
@click.pass_context
def rebuild(context: click.Context, shell: Shell, names: tuple[str, ...], repair: bool, yes: bool) -> None:
    """ビューを作り直す。 Make views anew from the log, prove them equal, and swap them in while serving.

    Ends with 3, and swaps nothing, if a view of unchanged code comes out otherwise than it stands.
    """
    if repair:
        shell.confirm(
            "現行のビューと違っていても入れ替えますか。",
            "Swap the views in even if the live ones differ?",
            yes,
        )
    with shell.store() as store, shell.progress("再構築", "Rebuilding") as advance:
        try:
            proofs = replay.rebuild(
                store, names, lambda p: advance(p.position, p.head), repair=repair, who="kyodo rebuild"
            )
        except ViewDiffers as differs:
            _tell(shell, [differs.proof])
            if not shell.as_json:
                shell.refuse(differs.refusal)
            context.exit(DIFFERS)
    _tell(shell, proofs)


@click.command()
@json_option
@pass_shell
@click.pass_context
def verify(context: click.Context, shell: Shell) -> None:
    """ビューを記録と突き合わせる。 Compare every view with a replay of the log.

    Changes nothing; ends with 3 if one differs.
    """
    with shell.store() as store, shell.progress("照合", "Verifying") as advance:
        proofs = replay.verify(store, (), lambda p: advance(p.position, p.head))
    _tell(shell, proofs)
    if not all(proof.equal for proof in proofs):
        context.exit(DIFFERS)


def _tell(shell: Shell, proofs: list[Proof]) -> None:
    shell.result([_shown(proof) for proof in proofs])
    equal, differs = shell.t("一致", "equal"), shell.t("不一致", "DIFFERS")
    shell.table(
        (
            "view",
            shell.t("結果", "result"),
            "position",
            shell.t("件数", "events"),
            shell.t("秒", "seconds"),
            "digest",
        ),
        [
            (
                p.view,
                equal if p.equal else differs,
                p.position,
                p.events,
                f"{p.seconds:.2f}",
                p.replayed_digest,
            )
            for p in proofs
        ],
    )
    for proof in () if shell.as_json else proofs:
        for difference in proof.differences:
            click.echo(f"  {difference.table} {difference.key}:")
            click.echo(f"    {shell.t('現行', 'live')}:     {difference.live}")
            click.echo(f"    {shell.t('記録から', 'replayed')}: {difference.replayed}")


def _shown(proof: Proof) -> dict[str, Any]:
    return {
        "view": proof.view,
        "version": proof.version,
        "equal": proof.equal,
        "position": proof.position,
        "events": proof.events,
        "seconds": round(proof.seconds, 3),
        "live_digest": proof.live_digest,
        "replayed_digest": proof.replayed_digest,
        "differences": [
            {"table": d.table, "key": list(d.key), "live": d.live, "replayed": d.replayed}
            for d in proof.differences
        ],
    }
