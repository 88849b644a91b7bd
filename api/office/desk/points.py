"""論点ごとの内容: ``場所：公民館4館``, one a line, as conclusions and decisions are compared by."""

from __future__ import annotations

from api.http.problems import declare
from api.setup import rules_of_service
from domain.values.refusal import Refusal

POINT_NOT_READ = declare(
    422,
    "POINT_NOT_READ",
    ja="「{text}」を論点ごとの内容として読み取れません。",
    en="“{text}” cannot be read as what was settled of one point.",
    rule=rules_of_service.ASKED,
    next_ja="一行に一つ、「場所：公民館4館」のように、論点と内容のあいだに「：」を書いてください。",
    next_en="Write one a line, with a colon between the point and its words: “place: four halls”.",
)


def read_points(text: str) -> tuple[tuple[tuple[str, str], ...], list[Refusal]]:
    """Each point with its words, and what is wrong with the lines that cannot be read so."""
    points, wrong = [], []
    for line in filter(None, map(str.strip, text.split("\n"))):
        point, _, words = line.partition("：" if "：" in line else ":")
        if point.strip() and words.strip():
            points.append((point.strip(), words.strip()))
        else:
            wrong.append(POINT_NOT_READ(text=line[:40]))
    return tuple(points), wrong
