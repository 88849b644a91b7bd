"""The rules of papers 書類: names, length, templates."""

from __future__ import annotations

from domain.rules.rule import Topic

PAPERS = Topic("papers", "書類", "Papers")
NAMES = PAPERS.rule(
    "names",
    "書類の氏名は、求めた人が見てよいものだけです。公開用の写しは、だれが求めても同じです。",
    "A paper names those whom its reader may know by name. The public copy is the same for everybody.",
)
BOUNDED = PAPERS.rule(
    "bounded",
    "書類の長さと、作る手間には上限があります。収まらない部分は、そのことを書類に書きます。",
    "A paper, and the work of making it, has a limit. What does not fit is said on the paper.",
)
OWN_TEMPLATES = PAPERS.rule(
    "own-templates",
    "書類のひな形とレターヘッドは、市が差し替えられます。使えないひな形は、どこが誤りかとともに断ります。",
    "A city may replace the templates and the letterhead. One that cannot be used is refused with where it "
    "is wrong.",
)
MADE_HERE = PAPERS.rule(
    "made-here",
    "PDF は、この機械にある文字と組版のライブラリで作ります。なければ、ほかの形式を示して断ります。",
    "A PDF is set with the fonts and the library for setting text that this machine has; without them it is "
    "refused, and the other formats are named.",
)
