"""表を入れる: paste or send a sheet, look at what would become of it, mend it, record all of it at once."""

from __future__ import annotations

from flask import Response as FlaskResponse
from flask import abort, flash, redirect, request
from werkzeug.wrappers import Response

from api.contents.attachments import attachments
from api.http.language import href, tr
from api.office.desk import refused as refusals
from api.office.desk.acts import record
from api.office.desk.frame import Screen, office_page, typed
from api.office.tables.checking import check, kept_content
from api.office.tables.kinds import TABLES
from api.office.tables.reading.bounds import USUAL
from api.office.tables.reading.files import workbook_of_file
from api.office.tables.reading.refusals import SHEET_EMPTY
from api.office.tables.reading.sheet import Workbook, address, place_of
from api.office.tables.reading.text import workbook_of_text
from api.office.tables.reading.xlsx import XLSX
from api.office.tables.rows.declared import Table
from api.office.tables.showing import columns_to_choose, crumbs, shown
from api.office.tables.template_file import template_file
from api.office.tables.upload.frame import LargeScreen, looks_on, my_sheets
from api.office.tables.upload.pending import Pending, State
from api.reads.reading import reading
from domain.values.refusal import Refusal

PASTED = "text/plain"


def table_of(kind: str) -> Table:
    return TABLES.get(kind) or abort(404)


# -- a sheet comes


def show_start(kind: str, refused: Refusal | None = None) -> Response:
    table = table_of(kind)
    return office_page(
        "office/tables/start.html",
        "past",
        status=200 if refused is None else 422,
        title=tr(f"表を入れる　{table.words[0]}", f"Take in a table: {table.words[1].lower()}"),
        crumbs=crumbs(table)[:-1],
        refused=None if refused is None else refusals.shown(refused),
        text=typed().get("text", ""),
        blank=href(f"/desk/tables/{kind}/template"),
        columns=[
            {
                "label": tr(*column.words),
                "needed": column.needed,
                "hint": tr(*column.hint) if column.hint[0] else "",
            }
            for column in table.columns
        ],
        once={name: text for name, text in typed().items() if name.startswith("once-")},
    )


def act_start(kind: str) -> Response:
    table = table_of(kind)
    try:
        book, content, media_type = came()
    except Refusal as refused:
        return show_start(kind, refused)
    once = {name.removeprefix("once-"): text for name, text in typed().items() if name.startswith("once-")}
    known = {one.key for one in table.once}
    sheet_id = my_sheets().put(
        kind, book, content, media_type, {key: text for key, text in once.items() if key in known}
    )
    return redirect(href(f"/desk/tables/{kind}/{sheet_id}"), 303)


def came() -> tuple[Workbook, bytes, str]:
    """What was sent: a file if there is one, or else the pasted text; read, and as it came, with its type."""
    file = request.files.get("file")
    if file is not None and file.filename:
        content = file.stream.read()
        book = workbook_of_file(content, file.filename, USUAL)
        return book, content, XLSX if content.startswith(b"PK") else "text/csv"
    text = typed().get("text", "")
    if not text.strip():
        raise SHEET_EMPTY()
    return workbook_of_text(text, tr("貼り付け", "pasted"), USUAL), text.encode(), PASTED


def show_template(kind: str) -> Response:
    table = table_of(kind)
    name = f"kyodo-{kind}.xlsx"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return FlaskResponse(template_file(table), mimetype=XLSX, headers=headers)


# -- a sheet waits


def show_check(kind: str, sheet_id: str, refused: Refusal | None = None) -> Response:
    table = table_of(kind)
    pending = my_sheets().find(kind, sheet_id)
    with reading() as connection:
        outcome = check(connection, table, pending)
        page = shown(connection, outcome)
    return office_page(
        "office/tables/check.html",
        "past",
        status=200 if refused is None else 422,
        refused=None if refused is None else refusals.shown(refused),
        known_columns=columns_to_choose(table),
        **page,
    )


def act_check(kind: str, sheet_id: str) -> Response:
    table = table_of(kind)
    sheets = my_sheets()
    pending = sheets.find(kind, sheet_id)
    do = typed().get("do", "check")
    if do == "discard":
        sheets.remove(kind, sheet_id)
        flash(tr("表を消しました。何も記録していません。", "The sheet is gone; nothing was recorded."))
        return redirect(href("/desk/past"), 303)
    _keep(pending, do)
    sheets.save(pending)
    if do != "record":
        if looks_on():
            return show_check(kind, sheet_id)
        return redirect(f"{href(f'/desk/tables/{kind}/{sheet_id}')}#h-check", 303)
    with reading() as connection:
        outcome = check(connection, table, pending)
    if not outcome.stands:
        return show_check(kind, sheet_id)
    held = attachments()
    held.keep_bytes(kept_content(pending)[0])
    for content in outcome.plan.contents:
        held.keep_bytes(content)
    try:
        record(outcome.acts, f"sheet {sheet_id}")
    except Refusal as refused:
        return show_check(kind, sheet_id, refused)
    sheets.remove(kind, sheet_id)
    counts = tr("、", ", ").join(f"{label}{count:,}" for label, count in outcome.plan.counts if count)
    flash(
        tr(f"{table.words[0]}を記録しました（{counts}）。", f"Recorded: {table.words[1].lower()} ({counts}).")
    )
    return redirect(href(table.leads_to), 303)


def _keep(pending: Pending, do: str) -> None:
    """Keep everything that was chosen and typed on the screen, whatever button was pressed."""
    form, state = request.form, pending.state
    if (chosen := form.get("sheet")) and chosen != pending.sheet.name:
        pending.state = State(sheet=chosen, once=state.once)
        return
    heading = form.get("heading", "")
    if heading.isdecimal() and int(heading) > 0 and "heading-was" in form and heading != form["heading-was"]:
        state.heading, state.columns = min(int(heading), 20_000), {}
    elif columns := {n.removeprefix("col-"): key for n, key in form.items() if n.startswith("col-")}:
        state.columns = columns
    state.once = {n.removeprefix("once-"): text[:300] for n, text in form.items() if n.startswith("once-")}
    for name, text in form.items():
        if text.strip() and name.startswith(("cell-", "fill-")):
            _set(state, name[5:], text)
    what, _, words = do.partition(" ")
    if what == "set":
        cells, _, text = words.partition("=")
        _set(state, cells, text)
    elif what == "undo":
        state.cells.pop(words, None)
    elif what == "ok":
        state.settled = [*dict.fromkeys([*state.settled, words[:200]])]
    elif what in ("skip", "take"):
        rows = {int(row) for row in words.split(",") if row.isdecimal()}
        into, out_of = (state.left_out, state.taken) if what == "skip" else (state.taken, state.left_out)
        into[:] = sorted({*into, *rows})
        out_of[:] = sorted({*out_of} - rows)


def _set(state: State, cells: str, text: str) -> None:
    for cell in cells.split(","):
        place = place_of(cell)
        if place is not None:
            state.cells[address(place)] = text.strip()[:4_000]


SCREENS = (
    LargeScreen("/tables/<kind>", show_start, act_start),
    Screen("/tables/<kind>/template", show_template),
    LargeScreen("/tables/<kind>/<sheet_id>", show_check, act_check),
)
