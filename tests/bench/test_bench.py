"""The benchmark runs, and what it writes down can be read again. No figure of it is judged here."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from bench import as_of, office, questions, serving
from bench.__main__ import PARTS, main
from bench.apart import kyodo
from bench.measuring import Column, Done, interleaved, percentile, rates_table
from bench.prepared import on_sqlite
from bench.report import BEGIN, END
from bench.tables import Figure, Table, table_of
from projections.registry import open_store
from projections.tables.durable import VIEW_CERTIFICATE

pytestmark = pytest.mark.timeout(900)
"""Every part is measured once, the slowest machine of all included."""

ROOT = Path(__file__).parents[2]
SMALL = ["--events", "300", "--appends", "8", "--requests", "4", "--documents", "200", "--runs", "1"]
SMALL += ["--lengths", "10", "30", "60"]


def bench(*arguments: str | Path) -> None:
    """``python -m bench``, in this process: starting another is seconds of work."""
    main([*map(str, arguments)])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("bench")


@pytest.fixture(scope="module")
def document(folder: Path) -> Path:
    made = folder / "performance.md"
    made.write_text(f"Words before.\n\n{BEGIN}\nof last year\n{END}\n\nWords after.\n")
    return made


@pytest.fixture(scope="module")
def kept(folder: Path, document: Path) -> dict[str, Any]:
    """What a run of every part on a tiny record keeps."""
    places: list[str | Path] = [
        "--json",
        folder / "kept.json",
        "--markdown",
        document,
        "--record",
        folder / "records",
    ]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(serving, "AT_LEAST", 4)  # of everything that is asked about again and again, little
        patch.setattr(office, "AT_LEAST", 1)
        patch.setattr(questions, "MATTERS", 4)
        patch.setattr(as_of, "OF_EACH", 1)
        bench(*SMALL, "--sqlite-only", *places)
    found: dict[str, Any] = json.loads((folder / "kept.json").read_text())
    return found


@pytest.mark.slow
def test_every_part_measures_something_against_something(kept: dict[str, Any]) -> None:
    assert {one["part"] for one in kept["measured"]} == set(PARTS)
    for one in kept["measured"]:
        part = PARTS[one["part"]]
        assert (one["title"], one["database"]) == (part.module.TITLE, "SQLite")
        assert one["events"] == (None if part.once else 300)
        table = table_of(one["table"])
        keys = {figure.key for figure in table.figures}
        assert len(table.rows) > 1 or "Not installed" in table.note  # the peers are an extra
        for row in table.rows.values():
            assert keys <= row.keys()
            assert all(value is None or value >= 0 for value in row.values())


@pytest.mark.slow
def test_what_figures_depend_on_is_kept_and_no_place(kept: dict[str, Any], folder: Path) -> None:
    assert kept["commands"] == [f"python -m bench {' '.join(SMALL)} --sqlite-only"]
    assert {"cores", "Python", "SQLite", "runs"} <= kept["machine"].keys()
    assert str(folder) not in json.dumps(kept)


@pytest.mark.slow
def test_the_document_gets_the_ratios_between_its_markers(kept: dict[str, Any], document: Path) -> None:
    text = document.read_text()
    assert text.startswith(f"Words before.\n\n{BEGIN}\n")
    assert text.endswith(f"\n{END}\n\nWords after.\n")
    assert "of last year" not in text
    for part in PARTS.values():
        assert f"### {part.module.TITLE}\n" in text
    assert "p50 ms" not in text, "an absolute figure is the machine's"


@pytest.mark.slow
def test_a_document_can_be_written_again_from_what_was_kept(
    kept: dict[str, Any], folder: Path, document: Path
) -> None:
    text = document.read_text()
    bench("--from", folder / "kept.json", "--markdown", document)
    assert document.read_text() == text


def test_a_kept_record_is_taken_again_and_rebuilt_if_other_code_has_made_its_views(tmp_path: Path) -> None:
    url = on_sqlite(tmp_path, 100)
    first = certificates(url)
    assert on_sqlite(tmp_path, 100) == url
    assert certificates(url) == first
    (tmp_path / "record-100.code").write_text("of other code")
    assert on_sqlite(tmp_path, 100) == url
    assert certificates(url) > first
    assert "of other code" not in (tmp_path / "record-100.code").read_text()


def certificates(url: str) -> int:
    """How many rebuilds of a view a record has seen."""
    store = open_store(url)
    with store.engine.connect() as connection:
        counted = connection.scalar(sa.select(sa.func.count()).select_from(VIEW_CERTIFICATE)) or 0
    store.close()
    return counted


def test_a_document_without_markers_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"commands": [], "machine": {}, "measured": []}')
    (tmp_path / "a.md").write_text("Words.")
    with pytest.raises(SystemExit, match=re.escape(BEGIN)):
        bench("--from", tmp_path / "a.json", "--markdown", tmp_path / "a.md")
    assert (tmp_path / "a.md").read_text() == "Words."


def test_an_unknown_part_is_refused() -> None:
    command = [sys.executable, "-m", "bench", "apend"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 2 and "append" in done.stderr


def test_a_ratio_is_the_median_of_the_ratios_within_each_run() -> None:
    seconds = iter([1.0, 2.0, 2.0, 2.0, 4.0, 16.0])
    first, second = (Column(name, lambda: Done(8, next(seconds), peak_mb=5.0)) for name in "ab")
    interleaved([first, second], 3)
    assert (first.rates, second.rates) == ([8.0, 4.0, 2.0], [4.0, 4.0, 0.5])
    assert second.ratio(first) == 0.5
    rows = rates_table("T", "things/s", [first, second]).rows
    assert rows["b"] == {"rate": 4.0, "ratio": 0.5, "peak_mb": 5.0}


def test_percentiles() -> None:
    values = [float(n) for n in range(100, 0, -1)]
    assert (percentile(values, 0.5), percentile(values, 0.99), percentile([7.0], 0.99)) == (51.0, 100.0, 7.0)


def test_a_table_is_read_as_it_was_written_and_shows_what_is_not_known_as_a_dash() -> None:
    figures = (Figure("rate", "things/s", ",.0f"), Figure("ratio", "of the first", lasting=True))
    rows: dict[str, dict[str, float | None]] = {
        "one": {"rate": 1234.5, "ratio": 1.0},
        "other": {"rate": None, "ratio": None},
    }
    table = Table("T", figures, rows, "A note.", {"documents": 3})
    assert table_of(json.loads(json.dumps(table.as_json()))) == table
    assert "| one | 1,234 | 1.00 |\n| other | – | – |\n\nA note." in table.markdown()


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="not run: no /proc to read memory from")
def test_the_memory_of_a_command_is_seen(tmp_path: Path) -> None:
    done = kyodo(f"sqlite:///{tmp_path / 'a.db'}", "config", things=1)
    assert done.peak_mb is not None and 10 < done.peak_mb < 1_000


def test_a_command_that_fails_says_so(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="no-such-command"):
        kyodo(f"sqlite:///{tmp_path / 'a.db'}", "no-such-command", things=1)
