"""What comes in from files and tables: a past meeting, and fourteen members."""

from __future__ import annotations

import io
from pathlib import Path

import docx
import openpyxl

from tests.office_targets.work import Measured, asked, lacks, log
from tests.support.clerk import Clerk
from tests.support.stories.year.before import NAMES, ORGANISATIONS

SPEAKERS = ("座長", "事務局（企画係長）", "三枝委員", "五月委員", "委員", "八雲委員")
MISSPELT = ("三枝委員　2番目の議題の2つ目", "三技委員　2番目の議題の2つ目")
"""A slip of the minutes: nobody is called so, and the clerk is asked who is meant."""
ITEMS = ("（１）相談窓口の設け方について", "（２）活動助成の要項について", "（３）その他")
EACH = 10
"""Statements on an item."""
AWAY = (4, 11)
"""Members who did not come."""
HEAD = (
    ("日　時", "令和７年６月１２日（木）　午後６時３０分～午後８時１５分"),
    ("場　所", "みなも市民プラザ　２階　会議室"),
    ("傍聴者", "３名"),
)


def _lines() -> list[str]:
    """Minutes as a city writes them: a title, a running order, who said what on what, a vote, the end."""
    lines = [
        "令和７年度第２回協働市民会議（架空）　会議録",
        "次　第",
        "１　開会",
        "２　議題",
        *ITEMS,
        "議　事",
    ]
    lines += ["１　開会", "○事務局（企画係長）　定刻となりましたので、開会いたします。", "２　議題"]
    for n, item in enumerate(ITEMS):
        lines.append(item)
        for m in range(EACH):
            who = SPEAKERS[(n + m) % len(SPEAKERS)]
            lines.append(
                f"○{who}　{n + 1}番目の議題の{m + 1}つ目の発言です。始め方が分からないという声があります。"
            )
            if m == 4:
                lines.append("近くなら通えるという声もありました。")
        if n == 0:
            lines += ["（賛成者挙手）", "○座長　賛成７名、反対４名。よって可決されました。"]
    lines = [line.replace(*MISSPELT) for line in lines]
    return [*lines, "（午後８時１５分　閉会）", "上記のとおり相違ないことを証する。"]


def _word() -> bytes:
    document, lines = docx.Document(), _lines()
    document.add_paragraph(lines[0])
    table = document.add_table(rows=0, cols=2)
    for label, text in HEAD:
        cells = table.add_row().cells
        cells[0].text, cells[1].text = label, text
    for line in lines[1:]:
        document.add_paragraph(line)
    return _saved(document)


def _text() -> bytes:
    lines = _lines()
    head = [f"{label}　{text}" for label, text in HEAD]
    return "\n".join([lines[0], *head, *lines[1:]]).encode()


def _attendance() -> bytes:
    """A grid as offices keep them: meetings down, members across."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "令和７年度"
    sheet.append(["委員出欠表"])
    sheet.append(["回", "期日", *(f"架空{name}" for name in NAMES[:14])])
    sheet.append(["第1回", "4/10", *["○"] * 14])
    sheet.append(["第2回", "6/12", *("×" if n in AWAY else "○" for n in range(1, 15))])
    return _saved(book)


def _saved(made: object) -> bytes:
    file = io.BytesIO()
    made.save(file)  # type: ignore[attr-defined]
    return file.getvalue()


def a_past_meeting(clerk: Clerk, folder: Path, name: str) -> Measured:
    """From its minutes (``name``: of which kind) and its attendance sheet, from the desk on."""
    minutes, sheet = folder / name, folder / "出欠表.xlsx"
    minutes.write_bytes(_word() if name.endswith(".docx") else _text())
    sheet.write_bytes(_attendance())
    before = log(clerk)[-1]["position"]
    with clerk.work() as cost:
        clerk.follow("過去の記録・表を入れる")
        clerk.attach("会議録のファイル（.docx、.pdf、.txt）", minutes)
        clerk.attach("出欠表（.xlsx、.csv）", sheet)
        clerk.press("下見へ進む")
        clerk.choose("三技委員はだれか", "架空 三枝")
        clerk.press("この会議を記録する")
    added = [e for e in log(clerk) if e["position"] > before]
    of_meeting = [e for e in added if not e["type"].startswith("Document")]
    said = [e for e in added if e["type"] == "StatementRecorded"]
    held = next((e for e in added if e["type"] == "MeetingHeld"), None)
    placed = "段落目" if name.endswith(".docx") else "行目"
    kind = "Word" if name.endswith(".docx") else "text"
    return Measured(
        f"a past meeting from its {kind} file and attendance sheet",
        "≤ 3 page loads, ≤ 12 typed values, 0 ids beside the two files; every event with its place",
        cost,
        {"loads": 3, "typed": 12, "ids": 0, "files": 2},
        lacks(
            (len(said) == 3 * EACH + 2, "every statement"),
            (
                all(e["data"].get("speaker") for e in said if "三" in e["data"]["speaker_role"]),
                "who is meant",
            ),
            (all(placed in e["source"]["locator"] for e in said), "each statement with its place"),
            (all((e["source"] or {}).get("locator") for e in of_meeting), "every event with its place"),
            ({str(e["effective"]["earliest"])[:10] for e in of_meeting} == {"2025-06-12"}, "of that day"),
            (held is not None and held["data"]["members_present"] == 14 - len(AWAY), "who was there"),
            (any(e["type"] == "ResolutionReported" for e in added), "the vote"),
            (sum(e["type"] == "AgendaItemListed" for e in added) == len(ITEMS) + 2, "its items"),
        ),
        f"{len(of_meeting)} events, each with its place",
    )


# -- fourteen members


def _roster() -> str:
    """As it is copied from a spreadsheet."""
    bodies = [name for name, _ in ORGANISATIONS.values()]
    rows = [("番号", "氏名", "区分", "推薦団体", "任期（自）", "任期（至）", "氏名公表")]
    for n in range(1, 15):
        kind, by = ("団体", bodies[n % 4]) if n <= 8 else ("公募", "")
        rows.append((str(n), f"架空　{NAMES[n - 1]}", kind, by, "R7.4.1", "R9.3.31", "可"))
    return "\n".join("\t".join(row) for row in rows)


def fourteen_members(clerk: Clerk) -> Measured:
    """With names, nominators, terms; from the desk on."""
    with clerk.work() as cost:
        clerk.follow("委員")
        clerk.follow("名簿を貼る", nth=0)
        clerk.paste("表計算ソフトから写して貼り付ける", _roster())
        clerk.press("下見へ進む")
        clerk.fill("委嘱の決裁の文書番号", "7み協第1号")
        clerk.fill("いつのことか（決裁・委嘱状の日）", "R7.3.25")
        with clerk.work() as confirming:
            clerk.press("14人を記録する")
    appointed = [e for e in log(clerk) if e["type"] == "MemberAppointed"]
    (council,) = asked(clerk, "/councils")["items"]
    return Measured(
        "14 members appointed with names, nominators, terms",
        "one pasted table, one confirmation",
        cost,
        {"pasted": 1, "ids": 0},
        lacks(
            (confirming.presses == confirming.loads == 1, "one confirmation"),
            (len(appointed) == 14, "fourteen members"),
            (len({e["correlation_id"] for e in appointed}) <= 14, "in one act"),
            (sum(bool(e["data"]["nominated_by"]) for e in appointed) == 8, "their nominators"),
            ({e["data"]["to_date"]["value"] for e in appointed} == {"2027-03-31"}, "their terms"),
            ({e["data"]["document_no"] for e in appointed} == {"7み協第1号"}, "the decision"),
            (all(clerk.sees(name) for name in NAMES[:14]), "their names on the roster"),
            (council["council_id"] == appointed[0]["subject"].split("#")[0], "of the council"),
        ),
        f"{confirming.presses} confirmation",
    )
