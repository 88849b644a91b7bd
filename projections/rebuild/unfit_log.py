"""Before views are repaired from a log: is it the views that are wrong, or the log?"""

from __future__ import annotations

from domain.values.refusal import refusal
from projections.engine import rules
from projections.engine.log_checks import log_checks
from projections.engine.store import Store
from projections.rebuild import rebuild_register
from projections.rebuild.proving import digest_of
from projections.rebuild.shadow_tables import Build

LOG_DOES_NOT_FIT = refusal(
    "LOG_DOES_NOT_FIT",
    ja="合わないのはビューではなく、記録のほうです（{why}）。修復はしませんでした。",
    en="It is not the views but the log that does not fit ({why_en}). Nothing was repaired.",
    rule=rules.LOG_FITS,
    next_ja="ビューを入れ替えず、控えの記録と突き合わせてください。現行のビューは証拠として残ります。",
    next_en="Swap nothing in: compare the log with a backup. The live views stay as evidence.",
)


def refuse_unfit_log(store: Store, build: Build) -> None:
    """Refuse ``LOG_DOES_NOT_FIT`` where the log lacks something, does not read back, or gives other rows than
    the same code was certified to make of it. ``build`` is filled up to the last certificate."""
    with store.engine.connect() as connection:
        checks = log_checks(connection, full=True)
        certified = rebuild_register.last_certificates(connection)
    for check in checks:
        if check.verdict == "fails" and check.position is not None:
            raise LOG_DOES_NOT_FIT(why=check.says[0], why_en=check.says[1])
    comparable = [
        (certificate.position, view, certificate.digest)
        for view in build.views
        if (certificate := certified.get((view.name, view.version, view.fingerprint))) is not None
    ]
    for position, view, digest in sorted(comparable, key=lambda one: (one[0], one[1].name)):
        build.fold_to(position)
        if digest_of(view, build.connection, build.postgres, build.names) != digest:
            raise LOG_DOES_NOT_FIT(
                why=f"「{view.name}」は位置 {position} で証明と違います",
                why_en=f"“{view.name}” comes out otherwise than it was certified at position {position}",
            )
