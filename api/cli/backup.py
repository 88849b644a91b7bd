"""``kyodo backup`` and ``kyodo restore``: the whole record at one position, and back again with proof."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

import click
import msgspec

from api.cli.rebuild_progress import replaying
from api.cli.shell import DIFFERS, Shell, json_option, pass_shell
from api.contents.attachments import Attachments, recorded_contents
from api.setup.config import masked
from projections.backup.format import ATTACHMENTS, FORMAT, MANIFEST, Manifest, read_manifest
from projections.backup.making import digests, write_rows
from projections.backup.restoring import put_back
from projections.migrations.revisions import migration_state
from projections.tables.record_id import record_id
from projections.tables.software import software_version


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@json_option
@pass_shell
@click.pass_context
def backup(context: click.Context, shell: Shell, folder: Path) -> None:
    """記録の控えを作る。 Back the whole record up into FOLDER, which must not be there yet.

    Everything is of one position, while others read and record: the log, accounts, names, settings (without
    secrets) and the contents of documents. It holds names of people: keep it as the record is kept. Ends with
    3 if a content is missing or damaged; the backup is made all the same, and says which.
    """
    if folder.exists():
        raise click.UsageError(shell.tr(f"{folder} は既にあります。", f"{folder} is there already."))
    os.umask(0o077)
    folder.absolute().parent.mkdir(parents=True, exist_ok=True)
    making = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.absolute().parent))
    try:
        manifest = _make(shell, making)
        making.rename(folder)
    except BaseException:
        shutil.rmtree(making, ignore_errors=True)
        raise
    shell.result(msgspec.to_builtins(manifest) | {"folder": str(folder)})
    shell.say(
        f"控えを作りました: {folder}（位置 {manifest.position}、出来事 {manifest.log.lines}件、"
        f"文書の内容 {len(manifest.attachments)}件）",
        f"Backed up into {folder}: position {manifest.position}, {manifest.log.lines} events, "
        f"{len(manifest.attachments)} contents of documents.",
    )
    if manifest.missing:
        listed = ", ".join(manifest.missing)
        shell.say(f"ないか壊れている内容: {listed}", f"Missing or damaged contents: {listed}")
        context.exit(DIFFERS)


def _make(shell: Shell, folder: Path) -> Manifest:
    files = Attachments(shell.record.attachments)
    with shell.store() as store, store.reading() as connection:
        position, log, tables = write_rows(connection, folder)
        views = digests(connection, store.postgres)
        contents = recorded_contents(connection)
        identity, state = record_id(connection), migration_state(connection)
        # A content is stored before the event that names it, and stays: it is there whenever it is copied.
        missing = _copy(files, contents, folder / ATTACHMENTS)
        manifest = Manifest(
            FORMAT,
            identity,
            software_version(),
            str(state.current),
            "postgresql" if store.postgres else "sqlite",
            dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
            position,
            log,
            tables,
            views,
            sorted(set(contents) - set(missing)),
            missing,
            masked(shell.process, shell.record),
        )
    (folder / MANIFEST).write_bytes(msgspec.json.format(msgspec.json.encode(manifest), indent=2))
    return manifest


def _copy(files: Attachments, contents: dict[str, Any], folder: Path) -> list[str]:
    """Copy contents, each looked at on the way; those that are missing or damaged."""
    folder.mkdir()
    missing = []
    for sha256 in sorted(contents):
        if files.digest(sha256) != sha256:
            missing.append(sha256)
            continue
        with files.open(sha256) as source, (folder / sha256).open("xb") as copy:
            shutil.copyfileobj(source, copy)
    return missing


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@json_option
@pass_shell
@click.pass_context
def restore(context: click.Context, shell: Shell, folder: Path) -> None:
    """控えから記録を戻す。 Put a backup back into an empty database, and prove that it is the same.

    The files of the backup are looked at before anything is written. Then the log, the tables, every view and
    the contents of documents are compared with what the backup says of them. Ends with 3 if one differs.
    """
    os.umask(0o077)
    manifest = read_manifest(folder)
    files = Attachments(shell.record.attachments)
    with (
        tempfile.TemporaryDirectory(prefix="kyodo-restore-") as scratch,
        shell.store(create=True) as store,
        replaying(shell) as report,
    ):
        done = put_back(store, folder, manifest, Path(scratch), report)
    lost = _put_contents_back(files, folder / ATTACHMENTS, manifest.attachments)
    shell.result(
        {
            "record_id": manifest.record_id,
            "position": done.position,
            "events": done.events,
            "views": done.views,
            "differing": [*done.other_tables, *done.other_views, *lost],
            "equal": done.equal and not lost,
        }
    )
    shell.say(
        f"記録を戻しました: 位置 {done.position}、出来事 {done.events}件、ビュー {done.views}、"
        f"文書の内容 {len(manifest.attachments) - len(lost)}件。",
        f"Put back: position {done.position}, {done.events} events, {done.views} views, "
        f"{len(manifest.attachments) - len(lost)} contents of documents.",
    )
    if done.equal and not lost:
        shell.say("すべて控えと同じです。", "Everything is as the backup says.")
        return
    for name in (*done.other_tables, *done.other_views, *lost):
        shell.say(f"控えと違います: {name}", f"Other than the backup says: {name}")
    context.exit(DIFFERS)


def _put_contents_back(files: Attachments, folder: Path, named: list[str]) -> list[str]:
    """Store the contents of a backup; those that are not what they are named."""
    lost = []
    for sha256 in named:
        path = folder / sha256
        if path.is_file():
            files.keep_bytes(path.read_bytes())
        if files.digest(sha256) != sha256:
            lost.append(sha256)
    return lost
