"""What became of each mutant, kept in a file: a run that was stopped goes on where it was."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Verdict:
    """``by``: the test that noticed, or how else the fault showed; None: it survived. ``code`` and ``tests``
    are digests of the file with the fault and of all tests. ``seconds``: on the processor, to come to it."""

    name: str
    by: str | None
    code: str
    tests: str
    seconds: float = 0.0


class Verdicts:
    """Verdicts by the mutants' names. A mutant that was noticed stays so while its file is the same; one that
    survived is shown to the tests again when they have changed."""

    def __init__(self, file: Path, tests: str):
        self._file = file
        self._tests = tests
        self._held: dict[str, Verdict] = {}
        if file.exists():
            for line in file.read_text(encoding="utf-8").splitlines():
                verdict = Verdict(**json.loads(line))
                self._held[verdict.name] = verdict

    def find(self, name: str, code: str) -> Verdict | None:
        found = self._held.get(name)
        if found is None or found.code != code:
            return None
        return found if found.by is not None or found.tests == self._tests else None

    def add(self, name: str, by: str | None, code: str, seconds: float) -> None:
        verdict = Verdict(name, by, code, self._tests, round(seconds, 2))
        self._held[name] = verdict
        with self._file.open("a", encoding="utf-8") as out:
            out.write(json.dumps(asdict(verdict), ensure_ascii=False) + "\n")


def digest(files: Iterable[Path]) -> str:
    """SHA-256 over the contents of files, in the order of their names."""
    found = hashlib.sha256()
    for file in sorted(files):
        found.update(file.read_bytes())
    return found.hexdigest()[:16]
