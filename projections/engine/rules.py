"""The rules of what can be seen: views and their rebuilds, searches, figures and lists."""

from __future__ import annotations

from domain.rules.rule import Topic

VIEWS = Topic("views", "ビューと再構築", "Views and rebuilds")
ONE_REBUILD = VIEWS.rule(
    "one-rebuild",
    "再構築は一度に一つです。二つの処理が同じビューを作り直すことはありません。",
    "One rebuild runs at a time: two never make the same views.",
)
EQUAL = VIEWS.rule(
    "equal",
    "作り直したビューは、現行と同じだと確かめてから入れ替えます。違えば、入れ替えません。",
    "A rebuilt view is proved to be equal to the live one before it takes its place; otherwise nothing is "
    "swapped.",
)
LOG_FITS = VIEWS.rule(
    "log-fits",
    "ビューを作り直すのは、記録そのものに欠けや食い違いがなく、前の証明と合うときだけです。",
    "Views are repaired only from a log that lacks nothing, reads back, and comes out as it was certified.",
)
NAMED = VIEWS.rule(
    "named",
    "ビューには決まった名前があります。",
    "Views have fixed names.",
)
SWAP_WAITS = VIEWS.rule(
    "swap-waits",
    "入れ替えは、読んでいる人を待ちます。待ち切れなければ、現行のビューを残します。",
    "A swap waits for those who are reading; if that takes too long, the live views stay.",
)
NEWER_WINS = VIEWS.rule(
    "newer-wins",
    "新しい版のソフトウェアが作ったビューに、古い版の処理は書き込みません。",
    "A process of older software does not write to views that newer software has made.",
)
OUTDATED = VIEWS.rule(
    "outdated",
    "古い版のソフトウェアが作ったビューがあるときにどうするか（公開する、作り直す、起動しない）は、設定で決"
    "まります。",
    "What to do about views that older software made, to serve them, to rebuild them or not to start, is a "
    "setting.",
)

SEARCH = Topic("search", "検索と一覧", "Searches and lists")
TWO_CHARACTERS = SEARCH.rule(
    "two-characters",
    "1文字の検索語は題名と名称だけから探します。1文字は、ほとんどどの文にも現れるためです。",
    "A word of one character is looked for in titles and names only: it stands in almost every text.",
)
FEW_WORDS = SEARCH.rule(
    "few-words",
    "検索できる語数と文字数には上限があります。",
    "A search is a few words, of limited length.",
)
KNOWN_NAMES = SEARCH.rule(
    "known-names",
    "知らない種類や絞り込みの名前には、空の結果で答えず、誤りとして知らせます。",
    "A kind or a filter that does not exist is pointed out: a typing error is not answered with an empty "
    "list.",
)
PAGES = SEARCH.rule(
    "pages",
    "一覧は一度に決まった件数までで、続きは前の答えが示す値で読みます。その値は変えずに使います。",
    "A list comes in pages of limited length; the next is asked for by the value that the one before gives, "
    "unchanged.",
)

FIGURES = Topic("figures", "数字", "Figures")
FIGURE_PERIOD = FIGURES.rule(
    "period",
    "参加の数字は、一つの年度、またはある日からある日までについて求めます。",
    "A figure of participation is of a fiscal year, or of the days from one to another.",
)
