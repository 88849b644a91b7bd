"""``kyodo metrics``: participation health of a period, as the public may see it."""

from __future__ import annotations

import click

from api.cli.shell import Shell, json_option, pass_shell, past_options
from api.http.clock import today
from api.reads.metric_period import period_of
from domain.kernel.viewer import PUBLIC, Viewer
from projections.metrics.ask import measure, measure_all


@click.command()
@click.argument("code", required=False)
@click.option("--council", "council_id", metavar="ID", help="市民会議。 Of this council; all of them.")
@click.option("--fiscal-year", metavar="YYYY", help="年度。 The fiscal year.")
@click.option("--from", "first", metavar="YYYY-MM-DD", help="最初の日。 The first day.")
@click.option("--to", "last", metavar="YYYY-MM-DD", help="最後の日。 The last day.")
@click.option("--staff", is_flag=True, help="職員として見る。 As the staff see it, small groups too.")
@past_options
@json_option
@pass_shell
def metrics(
    shell: Shell,
    code: str | None,
    council_id: str | None,
    fiscal_year: str | None,
    first: str | None,
    last: str | None,
    staff: bool,
) -> None:
    """参加の健全性の指標。 Participation health: every metric of a period, or the one with this CODE."""
    arguments = {"council_id": council_id, "fiscal_year": fiscal_year, "from": first, "to": last}
    raw = {name: text for name, text in arguments.items() if text is not None}
    with shell.reading() as connection:
        period, viewer, day = period_of(connection, raw), Viewer(staff=True) if staff else PUBLIC, today()
        if code is not None:
            measured = [
                measure(connection, code, council_id=council_id, period=period, viewer=viewer, today=day)
            ]
        else:
            measured = measure_all(connection, council_id=council_id, period=period, viewer=viewer, today=day)
    shell.result(measured[0] if code is not None else {"items": measured})
    headings = (
        shell.tr("指標", "metric"),
        shell.tr("名称", "title"),
        shell.tr("値", "value"),
        shell.tr("単位", "unit"),
        shell.tr("分子", "numerator"),
        shell.tr("分母", "denominator"),
        shell.tr("備考", "remark"),
    )
    language = shell.language
    rows = [
        (
            m["code"],
            f"{figure['title'][language]}",
            figure["value"],
            figure["unit_label"][language],
            figure["numerator"],
            figure["denominator"],
            (figure["reason_null"] or figure["note"] or {}).get(language),
        )
        for m in measured
        for figure in (m, *m["parts"])
    ]
    shell.table(headings, rows)
