"""``kyodo words``: a translator's file goes out, comes back checked, and is counted."""

from __future__ import annotations

from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from api.cli.shell import OK, REFUSED, USAGE
from api.translating import po_file
from api.translating.inventory import inventory
from tests.api.conftest import Run, told
from tests.api.translating.pseudo_language import translate

LABEL = "event.MatterRaised.label"
QUORATE = "refusal.NOT_QUORATE.sentence"


@pytest.fixture(scope="module")
def content() -> bytes:
    """What a translator gets."""
    return po_file.written(po_file.catalogue("fr", inventory().once(), None))


@pytest.fixture
def empty(tmp_path: Path, content: bytes) -> Path:
    """The file that a translator gets."""
    (tmp_path / "fr.po").write_bytes(content)
    return tmp_path / "fr.po"


@pytest.fixture
def words_folder(tmp_path: Path) -> Path:
    return tmp_path / "words"


# ---------------------------------------------------------------------------------------------------- out


def test_a_translator_gets_every_sentence_once(run: Run, tmp_path: Path) -> None:
    assert run("words", "--export", "fr", str(tmp_path / "new.po")).exit_code == OK
    with (tmp_path / "new.po").open("rb") as file:
        catalogue = read_po(file)
    messages = {m.context: m for m in catalogue if m.id}
    assert str(catalogue.locale) == "fr"
    assert list(messages) == [s.key for s in inventory().once()]
    quorum = messages[QUORATE]
    assert quorum.id == "定足数に達していません（出席{present}人、必要{required}人）。"
    assert "{present} present, {required} required" in " ".join(quorum.auto_comments)
    assert not any(m.string for m in messages.values())


@pytest.mark.parametrize("tag", ["ja", "en", "id", "no such language", "xx"])
def test_what_is_no_further_language_is_refused(run: Run, tmp_path: Path, tag: str) -> None:
    result = run("words", "--export", tag, str(tmp_path / "x.po"))
    assert (result.exit_code, (tmp_path / "x.po").exists()) == (REFUSED, False)
    assert "WORDS_LANGUAGE" in result.stderr


def test_what_was_translated_stays(run: Run, empty: Path, tmp_path: Path) -> None:
    translate(empty, tmp_path / "done.po")
    assert run("words", "--import", str(tmp_path / "done.po")).exit_code == OK
    again = told(run("words", "--export", "fr", str(tmp_path / "again.po"), "--json"))
    assert told(run("words", "--json"))["languages"][0]["percent"] == 100
    assert again["unsure"] == 0


def test_what_was_reworded_since_is_to_be_looked_at_again(run: Run, empty: Path, tmp_path: Path) -> None:
    done = tmp_path / "done.po"
    translate(empty, done)
    text = done.read_text(encoding="utf-8")
    text = text.replace("English: “Matter raised”", "English: “A matter was raised”")
    text = text.replace('msgid "定足数に達していません', 'msgid "定足数に達しない')
    done.write_text(text, encoding="utf-8")
    told(run("words", "--export", "fr", str(done), "--json"))
    with done.open("rb") as file:
        fuzzy = {str(m.context): m for m in read_po(file) if m.id and m.fuzzy}
    assert fuzzy.keys() == {LABEL, QUORATE}
    assert fuzzy[LABEL].string == "⟦Matter raised⟧"
    assert '#| msgid "定足数に達しない（出席{present}人、必要{required}人）。"' in done.read_text(
        encoding="utf-8"
    )


def test_a_sentence_that_was_moved_keeps_its_translation(run: Run, empty: Path, tmp_path: Path) -> None:
    done = tmp_path / "done.po"
    translate(empty, done)
    text = done.read_text(encoding="utf-8").replace("words.fields.FIELDS.", "words.former.FIELDS.")
    done.write_text(text, encoding="utf-8")
    assert told(run("words", "--export", "fr", str(done), "--json"))["unsure"] == 0


# --------------------------------------------------------------------------------------------------- back


@pytest.mark.parametrize(
    ("key", "text", "code"),
    [
        (QUORATE, "Quorum non atteint ({present}, {requis}).", "WORDS_BLANKS"),
        (QUORATE, "Quorum non atteint ({present}).", "WORDS_BLANKS"),
        (QUORATE, "Quorum non atteint ({present}, {required).", "WORDS_BLANKS"),
        (LABEL, "Affaire {n}", "WORDS_BLANKS"),
        (LABEL, "<b>Affaire</b>", "WORDS_MARKUP"),
    ],
)
def test_a_mistake_is_named_and_nothing_is_taken_in(
    run: Run, empty: Path, words_folder: Path, key: str, text: str, code: str
) -> None:
    translate(empty, empty, **{key.replace(".", "__"): text})
    result = run("words", "--import", str(empty))
    assert result.exit_code == REFUSED
    assert code in result.stderr and f"{key} の訳" in result.stderr
    assert not words_folder.exists()


def test_a_mistake_changes_nothing_of_what_was_taken_in(run: Run, empty: Path, words_folder: Path) -> None:
    assert run("words", "--import", str(empty)).exit_code == OK
    before = {file.name: file.read_bytes() for file in words_folder.iterdir()}
    translate(empty, empty, **{LABEL.replace(".", "__"): "<b>"})
    result = run("--lang", "en", "words", "--import", str(empty))
    assert f"The translation of {LABEL} has HTML" in result.stderr
    assert {file.name: file.read_bytes() for file in words_folder.iterdir()} == before


def test_mistakes_are_told_to_programs_too(run: Run, empty: Path) -> None:
    translate(empty, empty, **{LABEL.replace(".", "__"): "<b>"})
    result = run("words", "--import", str(empty), "--json")
    assert result.exit_code == REFUSED
    assert '"WORDS_MARKUP"' in result.stdout


@pytest.mark.parametrize("content", [b"", b"no file of this kind", b"\xff\xfe\x00", b'msgid "a" msgstr'])
def test_what_is_no_translators_file_is_refused(run: Run, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "what.po").write_bytes(content)
    result = run("words", "--import", str(tmp_path / "what.po"))
    assert result.exit_code == REFUSED
    assert "WORDS_" in result.stderr


def test_plural_forms_are_refused(run: Run, empty: Path) -> None:
    text = empty.read_text(encoding="utf-8")
    plural = '\nmsgctxt "x"\nmsgid "a"\nmsgid_plural "b"\nmsgstr[0] "c"\nmsgstr[1] "d"\nmsgstr[2] "e"\n'
    empty.write_text(text + plural, encoding="utf-8")
    assert "WORDS_PLURALS" in run("words", "--import", str(empty)).stderr


def test_what_is_odd_is_told_and_taken_in(run: Run, empty: Path, words_folder: Path) -> None:
    translate(empty, empty, **{LABEL.replace(".", "__"): " Affaire soulevée"})
    result = run("--lang", "en", "words", "--import", str(empty))
    assert result.exit_code == OK
    assert f"{LABEL}: a space at the beginning" in result.stdout
    assert sorted(file.name for file in words_folder.iterdir()) == ["fr.mo", "fr.po"]


# ------------------------------------------------------------------------------------------------ counting


def test_it_counts_what_is_missing_unsure_and_stale(run: Run, empty: Path) -> None:
    all_of_them = told(run("words", "--json"))["sentences"]
    translate(empty, empty, leave=(LABEL,))
    text = empty.read_text(encoding="utf-8")
    text += '\nmsgctxt "refusal.GONE.sentence"\nmsgid "以前の文"\nmsgstr "ancien"\n'
    text = text.replace(f'msgctxt "{QUORATE}"', f'#, fuzzy\nmsgctxt "{QUORATE}"')
    empty.write_text(text, encoding="utf-8")
    assert run("words", "--import", str(empty)).exit_code == OK
    (french,) = told(run("words", "--json"))["languages"]
    assert (french["language"], french["name"], french["percent"]) == ("fr", "Français", 99)
    assert set(french["missing"]) == {LABEL, QUORATE}
    assert french["translated"] == all_of_them - 2
    assert (french["unsure"], french["stale"]) == ([QUORATE], ["refusal.GONE.sentence"])
    assert "Français" in run("words").stdout


def test_no_language_is_there_before_one_is_imported(run: Run) -> None:
    listed = told(run("words", "--json"))
    assert (listed["languages"], listed["faults"]) == ([], [])


def test_the_command_line_speaks_it(run: Run, empty: Path) -> None:
    assert run("--lang", "fr", "user", "link", "nobody").exit_code == USAGE
    translate(empty, empty)
    run("words", "--import", str(empty))
    assert "⟦There is no user “nobody”.⟧" in run("--lang", "fr", "user", "link", "nobody").stderr
