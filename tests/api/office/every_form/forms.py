"""Which acts of a story are done in forms, and by whom."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from api.access.accounts import Accounts
from tests.api.conftest import PASSWORD
from tests.api.office.every_form.acts import Act, Story
from tests.api.office.every_form.rest import Pair
from tests.api.office.every_form.retelling import Retelling
from tests.api.signing_in import sign_in
from tests.support.served import served


def in_its_form(done: set[Pair], every: int = 1) -> Callable[[Act], bool]:
    """The first time of each command that can be given as a story gives it (or of one in so many of them). An
    import is no form: it brings a file, and may leave gaps. What somebody does by their own account nobody
    writes down for them."""
    met = list[Pair]()

    def first(act: Act) -> bool:
        pair = (act.command.aggregate.__name__, act.command.name)
        for_imports = act.terms.importing or (act.terms.roles == {"IMP"} and act.command.roles != ("IMP",))
        by_account = act.arguments.get("means") == "account"
        if for_imports or by_account or pair in met:
            return False
        met.append(pair)
        if len(met) % every:
            return False
        done.add(pair)
        return True

    return first


def retelling(url: str, story: Story, contents: dict[str, bytes]) -> Iterator[Retelling]:
    """A record, served, on which a story is to be told again."""
    with served(url) as app:
        account = Accounts(app.extensions["kyodo-store"].get().engine).add(
            "staff", ["SEC"], "p-sec", PASSWORD
        )
        client = app.test_client()
        sign_in(client)
        again = Retelling(app, client, account.account_id, contents=contents)
        again.store.application.clock = lambda: story.acts[0].at
        yield again
