"""The real history file, and files made from it by breaking something."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from domain.history import KANAZAWA
from domain.history.importing import HistoryError, Problem, import_history, read_history
from domain.values.refusal import REFUSALS
from tests.support.given import TestRecord

TEXT = KANAZAWA.read_text(encoding="utf-8")


def changed(before: str, after: str, text: str = TEXT) -> str:
    """The real history with the first ``before`` replaced."""
    assert before in text, before
    return text.replace(before, after, 1)


def problems_of(record: TestRecord, path: Path) -> list[Problem]:
    """What is wrong with a file that cannot be imported: each problem names the file and a line, in both
    languages. Nothing of the file is recorded."""
    before = len(record.events), len(record.recorder.commands)
    with pytest.raises(HistoryError) as caught:
        import_history(record.application, read_history(path))
    assert (len(record.events), len(record.recorder.commands)) == before
    for problem in caught.value.problems:
        assert problem.code in REFUSALS
        assert re.search("[ぁ-んァ-ヶ一-龠]", problem.ja)
        assert "  " not in problem.en and "—" not in problem.en
        for said in (problem.sentence("ja"), problem.sentence("en")):
            assert said.startswith(f"{path}:{problem.line}: {problem.field}")
            assert problem.code in said
    assert caught.value.problems
    return caught.value.problems
