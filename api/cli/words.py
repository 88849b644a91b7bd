"""``kyodo words``: further languages, from the sentences of the code to a translator's file and back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from api.cli.shell import REFUSED, Shell, json_option, pass_shell
from api.http.catalogues import Catalogue
from api.setup.words_folder import words_folder
from api.translating import po_file
from api.translating.checking import Checked, checked, language_of
from api.translating.imported import earlier, keep, states
from api.translating.inventory import inventory

MOST_TOLD = 50
"""Lines about one file: who sees these has enough to do."""


@click.command()
@click.option(
    "--export",
    "exported",
    nargs=2,
    metavar="LANG FILE.po",
    help="翻訳者に渡すファイルを作る。今ある訳は残す。 Make a translator's file; what it has, stays.",
)
@click.option(
    "--import",
    "imported",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE.po",
    help="訳したファイルを確かめて取り込む。 Check a translated file, and take it in.",
)
@json_option
@pass_shell
@click.pass_context
def words(
    context: click.Context, shell: Shell, exported: tuple[str, str] | None, imported: Path | None
) -> None:
    """日本語・英語のほかの言語。 Further languages: which there are, and how complete they are."""
    if exported and imported:
        raise click.UsageError(shell.tr("--export か --import の一方です。", "Give --export or --import."))
    if exported:
        _export(shell, language_of(exported[0]), Path(exported[1]))
    elif imported:
        context.exit(_import(shell, imported))
    else:
        _list(shell)


def _export(shell: Shell, tag: str, path: Path) -> None:
    sentences = inventory().once()
    old = po_file.read(path) if path.exists() else earlier(words_folder(shell.record), tag)
    made = po_file.catalogue(tag, sentences, old)
    path.write_bytes(po_file.written(made))
    translated = sum(bool(m.string) for m in made if m.id)
    fuzzy = sum(m.fuzzy for m in made if m.id)
    shell.result({"language": tag, "sentences": len(sentences), "translated": translated, "unsure": fuzzy})
    shell.say(
        f"{path} に{len(sentences)}の文を書きました（訳のあるもの{translated}、確かめるもの{fuzzy}）。",
        f"Wrote {len(sentences)} sentences to {path} ({translated} translated, {fuzzy} to be checked).",
    )


def _import(shell: Shell, path: Path) -> int:
    known = inventory()
    of = len(known.once())
    file = po_file.read(path)
    translation = checked(language_of(str(file.locale_identifier or path.stem)), file, known)
    if translation.wrong:
        shell.result({"refused": [shell.told(refused) for refused in translation.wrong]})
        for refused in [] if shell.as_json else translation.wrong[:MOST_TOLD]:
            shell.refuse(refused)
        return REFUSED
    keep(words_folder(shell.record), path.read_bytes(), translation)
    shell.result(_told(translation, of))
    for ja, en in translation.odd[:MOST_TOLD]:
        shell.say(ja, en)
    for key in translation.stale[:MOST_TOLD]:
        shell.say(f"{key}: 今はこの文がありません。", f"{key}: nothing says this any more.")
    shell.say(
        f"{translation.tag}: {of}の文のうち{of - len(translation.missing)}に訳があります。"
        "サービスを起動し直すと使われます。",
        f"{translation.tag}: {of - len(translation.missing)} of {of} sentences are translated. "
        "The service uses them when it is started anew.",
    )
    return 0


def _list(shell: Shell) -> None:
    known = inventory()
    of = len(known.once())
    entries = [_told(translation, of) for translation in states(words_folder(shell.record), known)]
    shell.result({"sentences": of, "languages": entries, "faults": list(known.faults)})
    for fault in known.faults:
        shell.say(f"訳せません: {fault}", f"Cannot be translated: {fault}")
    headings = (
        shell.tr("言語", "language"),
        "",
        "%",
        shell.tr("訳なし", "missing"),
        shell.tr("要確認", "to be checked"),
        shell.tr("古い訳", "stale"),
    )
    rows = [
        (t["language"], t["name"], t["percent"], len(t["missing"]), len(t["unsure"]), len(t["stale"]))
        for t in entries
    ]
    shell.table(headings, rows)


def _told(translation: Checked, of: int) -> dict[str, Any]:
    return {
        "language": translation.tag,
        "name": Catalogue(translation.tag, ()).name,
        "translated": of - len(translation.missing),
        "percent": (of - len(translation.missing)) * 100 // of,
        "missing": translation.missing,
        "unsure": translation.unsure,
        "stale": translation.stale,
    }
