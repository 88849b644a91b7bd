"""Why a file or a pasted text is not read as a sheet: with the cell, where there is one, and a way out."""

from __future__ import annotations

from api.http.problems import declare
from api.setup import rules_of_service

SHEET_EMPTY = declare(
    422,
    "SHEET_EMPTY",
    ja="表に何も書かれていません。",
    en="There is nothing in the sheet.",
    rule=rules_of_service.SHEETS,
    next_ja="表を、見出しの行から写して貼り付けるか、ファイルを選んでください。",
    next_en="Paste the sheet from its row of headings on, or choose a file.",
)
SHEET_OLD = declare(
    415,
    "SHEET_OLD",
    ja="Excel の古い形式（.xls）かパスワード付きのファイルは読めません。",
    en="Files of the older form of Excel (.xls), or with a password, cannot be read.",
    rule=rules_of_service.SHEETS,
    next_ja="Excel で開き、「名前を付けて保存」で「Excel ブック（.xlsx）」を選び、パスワードなしで"
    "保存してください。表を写して貼り付けることもできます。",
    next_en="Open it, choose “Save as” and “Excel workbook (.xlsx)” without a password. Or copy the cells "
    "and paste them.",
)
SHEET_MACROS = declare(
    415,
    "SHEET_MACROS",
    ja="マクロを含むファイル（.xlsm など）は読みません。",
    en="A file with macros (.xlsm and the like) is not read.",
    rule=rules_of_service.DOES_NOTHING,
    next_ja="「名前を付けて保存」で「Excel ブック（.xlsx）」を選ぶと、マクロが外れます。"
    "表を写して貼り付けることもできます。",
    next_en="“Save as”, “Excel workbook (.xlsx)” leaves the macros behind. Or copy the cells and paste them.",
)
SHEET_UNREADABLE = declare(
    415,
    "SHEET_UNREADABLE",
    ja="この種類のファイルは表として読めません。",
    en="A file of this type cannot be read as a sheet.",
    rule=rules_of_service.SHEETS,
    next_ja="Excel ブック（.xlsx）か CSV で保存し直すか、表を写して貼り付けてください。",
    next_en="Save it as an Excel workbook (.xlsx) or CSV, or copy the cells and paste them.",
)
SHEET_LETTERS = declare(
    415,
    "SHEET_LETTERS",
    ja="文字コードが分かりません（UTF-8 でも Shift_JIS でもありません。{line}行目）。",
    en="Its letters cannot be read: neither UTF-8 nor Shift_JIS (line {line}).",
    rule=rules_of_service.SHEETS,
    next_ja="Excel で開き、「CSV UTF-8」で保存し直してください。表を写して貼り付けることもできます。",
    next_en="Open it and save it as “CSV UTF-8”. Or copy the cells and paste them.",
)
SHEET_TOO_LARGE = declare(
    413,
    "SHEET_TOO_LARGE",
    ja="表が大きすぎます（{rows}行・{columns}列・{cells}個のセルまで。{cell} より先は読みません）。",
    en="The sheet is too large (at most {rows} rows, {columns} columns and {cells} cells; nothing after "
    "{cell} is read).",
    rule=rules_of_service.SIZE,
    next_ja="要る行と列だけを新しいシートに写すか、いくつかに分けてください。",
    next_en="Copy the rows and columns that matter into a sheet of their own, or split it.",
)
SHEET_UNPACKS = declare(
    413,
    "SHEET_UNPACKS",
    ja="展開すると大きすぎるファイルなので、開きませんでした（上限 {limit} バイト）。",
    en="The file unpacks to too much, so it was not opened (at most {limit} bytes).",
    rule=rules_of_service.SIZE,
    next_ja="要る表だけを新しいファイルに写してください。",
    next_en="Copy the sheet that matters into a new file.",
)
CELL_FORMULA = declare(
    422,
    "CELL_FORMULA",
    ja="{cell} は計算式で、計算した値がファイルに残っていません。",
    en="{cell} is a formula, and the file does not hold what it comes to.",
    rule=rules_of_service.SHEETS,
    next_ja="値をここに書くか、Excel で開いて保存し直してから送ってください。",
    next_en="Write the value here, or open the file, save it and send it again.",
)
CELL_ERROR = declare(
    422,
    "CELL_ERROR",
    ja="{cell} は計算できていない値（{text}）です。",
    en="{cell} holds a value that could not be computed ({text}).",
    rule=rules_of_service.SHEETS,
    next_ja="正しい値をここに書いてください。",
    next_en="Write the right value here.",
)
CELL_NO_YEAR = declare(
    422,
    "CELL_NO_YEAR",
    ja="「{text}」には年がありません。",
    en="“{text}” says no year.",
    rule=rules_of_service.SHEETS,
    next_ja="年を付けて書いてください（例: R7.4.1、2025-04-01）。",
    next_en="Write it with its year, for example R7.4.1 or 2025-04-01.",
)
CELL_NO_NUMBER = declare(
    422,
    "CELL_NO_NUMBER",
    ja="「{text}」は数として読めません。",
    en="“{text}” cannot be read as a number.",
    rule=rules_of_service.SHEETS,
    next_ja="数字で書いてください。分からなければ空にしてください。",
    next_en="Write it in digits; leave it empty if it is not known.",
)
CELL_NO_CHOICE = declare(
    422,
    "CELL_NO_CHOICE",
    ja="「{text}」は、選べる言葉のどれにも当たりません（{known}）。",
    en="“{text}” is none of the words there are here ({known}).",
    rule=rules_of_service.SHEETS,
    next_ja="当たる言葉を選んでください。",
    next_en="Choose the word that it is.",
)
