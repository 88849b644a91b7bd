"""What may be wrong with a history file: each problem names the file, the line and the field."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from domain.rules import recording
from domain.values.refusal import Language, Refusal, refusal


def _of_the_file(code: str, *, ja: str, en: str, next_ja: str, next_en: str) -> Callable[..., Refusal]:
    return refusal(
        code, ja=ja, en=en, rule=recording.HISTORY_FILE, next_ja=next_ja, next_en=next_en, kind="invalid"
    )


HISTORY_UNREADABLE = _of_the_file(
    "HISTORY_UNREADABLE",
    ja="ファイルを読めません（{reason}）。",
    en="The file cannot be read ({reason}).",
    next_ja="ファイルの場所と読み取り権限を確かめてください。",
    next_en="Check where it is and whether you may read it.",
)
HISTORY_TOO_LARGE = _of_the_file(
    "HISTORY_TOO_LARGE",
    ja="ファイルが大きすぎます（上限: {most}）。",
    en="The file is too large (at most {most}).",
    next_ja="import_batch の異なる複数のファイルに分けてください。",
    next_en="Divide it into several files, each with an import_batch of its own.",
)
HISTORY_NOT_UTF8 = _of_the_file(
    "HISTORY_NOT_UTF8",
    ja="UTF-8 として正しくない文字があります。",
    en="There are bytes here that are not UTF-8.",
    next_ja="ファイルを UTF-8 で保存し直してください。",
    next_en="Save the file as UTF-8.",
)
HISTORY_NOT_YAML = _of_the_file(
    "HISTORY_NOT_YAML",
    ja="YAML として読めません（{reason}）。",
    en="This is not YAML ({reason}).",
    next_ja="この行の字下げ、引用符、コロンを確かめてください。",
    next_en="Check indentation, quotation marks and colons near this line.",
)
HISTORY_ALIAS = _of_the_file(
    "HISTORY_ALIAS",
    ja="別名（*{name}）は使えません。",
    en="Aliases (*{name}) are not accepted.",
    next_ja="参照先の内容をそのまま書いてください。",
    next_en="Write out what it stands for.",
)
HISTORY_TAG = _of_the_file(
    "HISTORY_TAG",
    ja="型の指定（{tag}）は使えません。",
    en="Tags ({tag}) are not accepted.",
    next_ja="指定を取り除いてください。文字列は引用符で囲めます。",
    next_en="Remove it; a text may be put in quotation marks.",
)
HISTORY_TOO_DEEP = _of_the_file(
    "HISTORY_TOO_DEEP",
    ja="入れ子が深すぎます（上限: {most}段）。",
    en="This is nested too deeply (at most {most} levels).",
    next_ja="record-history/1 の形に合わせてください。",
    next_en="Follow the form of record-history/1.",
)
HISTORY_DUPLICATE_FIELD = _of_the_file(
    "HISTORY_DUPLICATE_FIELD",
    ja="項目「{field}」が二度書かれています。",
    en="The field “{field}” is given twice.",
    next_ja="どちらか一つにしてください。",
    next_en="Keep one of them.",
)
HISTORY_SCHEMA = _of_the_file(
    "HISTORY_SCHEMA",
    ja="形式「{schema}」の履歴ファイルではありません（読めるのは {known} です）。",
    en="This is not a history file of the form {known} (schema: “{schema}”).",
    next_ja="先頭に schema: {known} のあるファイルを指定してください。",
    next_en="Give a file that begins with schema: {known}.",
)
HISTORY_EMPTY = _of_the_file(
    "HISTORY_EMPTY",
    ja="出来事が一つもありません。",
    en="There is no event in it.",
    next_ja="events に出来事を加えてください。",
    next_en="Add events under “events”.",
)
HISTORY_UNKNOWN_FIELD = _of_the_file(
    "HISTORY_UNKNOWN_FIELD",
    ja="項目「{field}」はここでは使えません（使える項目: {known}）。",
    en="There is no field “{field}” here (there are: {known}).",
    next_ja="綴りを確かめてください。書き添えたいことは note に記せます。",
    next_en="Check the spelling; what you want to add can go into “note”.",
)
HISTORY_MISSING_FIELD = _of_the_file(
    "HISTORY_MISSING_FIELD",
    ja="項目「{field}」がありません。",
    en="The field “{field}” is missing.",
    next_ja="項目を加えてください。不明なら null とします。",
    next_en="Add it; what is not known is null, where that is allowed.",
)
HISTORY_WRONG_TYPE = _of_the_file(
    "HISTORY_WRONG_TYPE",
    ja="値の型が違います（必要: {expected_ja}、実際: {got_ja}）。",
    en="The value is of the wrong type (expected: {expected}, got: {got}).",
    next_ja="数字からなる文字列は引用符で囲み、数は引用符なしで書いてください。",
    next_en="Put a text of digits in quotation marks, and write a number without them.",
)
HISTORY_NOT_ONE_OF = _of_the_file(
    "HISTORY_NOT_ONE_OF",
    ja="値{value}は使えません（使える値: {known}）。",
    en="The value {value} is not accepted (accepted: {known}).",
    next_ja="使える値から選んでください。",
    next_en="Choose one of those accepted.",
)
HISTORY_WRONG_VALUE = _of_the_file(
    "HISTORY_WRONG_VALUE",
    ja="値を読み取れません（{detail}）。",
    en="The value cannot be read ({detail}).",
    next_ja="値を確かめてください。",
    next_en="Check the value.",
)
HISTORY_DUPLICATE_SEQ = _of_the_file(
    "HISTORY_DUPLICATE_SEQ",
    ja="seq {seq} は{line}行目で既に使われています。",
    en="seq {seq} is already used in line {line}.",
    next_ja="それぞれの出来事に別の番号を付けてください。",
    next_en="Give every event a number of its own.",
)
HISTORY_UNKNOWN_EVENT = _of_the_file(
    "HISTORY_UNKNOWN_EVENT",
    ja="出来事の種類「{event}」はありません。",
    en="There is no event “{event}”.",
    next_ja="種類の名前を確かめてください。一覧は docs のイベント目録にあります。",
    next_en="Check its name; the event catalogue in docs lists them.",
)
HISTORY_NOT_IMPORTABLE = _of_the_file(
    "HISTORY_NOT_IMPORTABLE",
    ja="「{event}」は取り込めません。",
    en="“{event}” cannot be imported.",
    next_ja="取込ではなく、担当者の操作として記録してください。",
    next_en="Record it by the command for it, not by an import.",
)
HISTORY_WRONG_AGGREGATE = _of_the_file(
    "HISTORY_WRONG_AGGREGATE",
    ja="「{event}」は「{right}」の出来事です（「{aggregate}」ではありません）。",
    en="“{event}” is an event of {right}, not of “{aggregate}”.",
    next_ja="aggregate を直してください。",
    next_en="Correct “aggregate”.",
)
HISTORY_STREAM_MISMATCH = _of_the_file(
    "HISTORY_STREAM_MISMATCH",
    ja="stream「{stream}」は、この出来事の対象（{expected}）と合いません。",
    en="The stream “{stream}” does not fit what the event is about ({expected}).",
    next_ja="stream と payload の識別子を合わせてください。",
    next_en="Make the stream and the identifier in the payload agree.",
)
HISTORY_UNKNOWN_ROLE = _of_the_file(
    "HISTORY_UNKNOWN_ROLE",
    ja="役割「{role}」はありません（{known}）。",
    en="There is no role “{role}” ({known}).",
    next_ja="主語が書かれていないなら unstated としてください。",
    next_en="If the source has no subject, the role is “unstated”.",
)
HISTORY_DANGLING = _of_the_file(
    "HISTORY_DANGLING",
    ja="「{id}」は、このファイルにも記録にもありません。",
    en="“{id}” is neither in this file nor on record.",
    next_ja="識別子を確かめるか、それを記録する出来事を加えてください。",
    next_en="Check the identifier, or add the event that records it.",
)
HISTORY_CHECK_UNKNOWN = _of_the_file(
    "HISTORY_CHECK_UNKNOWN",
    ja="検算「{name}」はありません（{known}）。",
    en="There is no check “{name}” ({known}).",
    next_ja="確かめられない検算は取り除いてください。",
    next_en="Remove a check that nothing can verify.",
)
HISTORY_CHECK_FAILED = _of_the_file(
    "HISTORY_CHECK_FAILED",
    ja="検算「{name}」が合いません（ファイルの値: {expected}、出来事から求めた値: {found}）。",
    en="The check “{name}” fails (the file says {expected}, its events say {found}).",
    next_ja="出来事の値か検算の値を資料で確かめてください。",
    next_en="Compare the events and the check with the source.",
)
HISTORY_CHANGED = refusal(
    "HISTORY_CHANGED",
    ja="「{batch}」は既に別の内容で取り込まれています。",
    en="“{batch}” has already been imported with another content.",
    rule=recording.HISTORY_ONCE,
    next_ja="追加の出来事は新しい import_batch の名で、誤りは訂正として記録してください。",
    next_en="Import further events under a new import_batch, and record mistakes as corrections.",
)


@dataclass(frozen=True)
class Problem:
    """One thing wrong: in which file, line (from 1) and field (JSON pointer, empty for the whole file)."""

    file: str
    line: int
    field: str
    code: str
    ja: str
    en: str

    def sentence(self, lang: Language) -> str:
        """``history.yaml:12: /events/0/seq: …``"""
        text = self.ja if lang == "ja" else self.en
        return f"{self.file}:{self.line}: {self.field + ': ' if self.field else ''}{text} [{self.code}]"


class HistoryError(Exception):
    """A history file cannot be imported. ``problems`` are in the order of the file; nothing was recorded."""

    def __init__(self, problems: list[Problem], omitted: int = 0):
        self.problems = problems
        self.omitted = omitted
        """How many more problems there are."""
        super().__init__("\n".join(p.sentence("en") for p in problems))


class Problems:
    """Collects what is wrong with one file, so that everything can be put right at once."""

    MOST = 200

    def __init__(self, file: str, line_of: Callable[[str], int]):
        self._file = file
        self._line_of = line_of
        self._found: dict[tuple[int, str, str], Problem] = {}
        self._omitted = 0

    @property
    def count(self) -> int:
        return len(self._found) + self._omitted

    def add(self, pointer: str, refused: Refusal) -> None:
        """Note a refusal said of the field at ``pointer``."""
        self.add_at(self._line_of(pointer), pointer, refused)

    def add_at(self, line: int, pointer: str, refused: Refusal) -> None:
        """Note a refusal said of one line."""
        key = (line, pointer, refused.code)
        if len(self._found) < self.MOST:
            ja, en = refused.sentence("ja"), refused.sentence("en")
            self._found.setdefault(key, Problem(self._file, line, pointer, refused.code, ja, en))
        elif key not in self._found:
            self._omitted += 1

    def raise_if_any(self) -> None:
        """HistoryError if anything is wrong."""
        if self._found:
            raise HistoryError(sorted(self._found.values(), key=lambda p: p.line), self._omitted)
