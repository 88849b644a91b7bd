"""Every rule there is, in the order in which a reader finds them."""

from __future__ import annotations

from api.setup.rules_of_mail import MAIL, SENT
from api.setup.rules_of_papers import PAPERS
from api.setup.rules_of_service import ACCOUNTS, ATTACHMENTS, FORMS, HTTP, SETTINGS, TRANSLATING
from domain.rules import (
    actions,
    corrections,
    councils,
    dates,
    disclosure,
    documents,
    groups,
    matters,
    meetings,
    money,
    permissions,
    plans,
    recording,
    resolutions,
    sheets,
    studies,
)
from domain.rules.rule import Topic
from projections.engine import rules as seen

TOPICS: tuple[Topic, ...] = (
    councils.TOPIC,
    meetings.MEETINGS,
    meetings.QUORUM,
    resolutions.TOPIC,
    meetings.MINUTES,
    matters.TOPIC,
    matters.CITY,
    groups.TOPIC,
    plans.TOPIC,
    plans.COMMENTS,
    actions.TOPIC,
    money.TOPIC,
    sheets.TOPIC,
    studies.TOPIC,
    studies.REFLECTIONS,
    groups.OFFICERS,
    disclosure.TOPIC,
    disclosure.REQUESTS,
    permissions.TOPIC,
    corrections.TOPIC,
    dates.TOPIC,
    documents.TOPIC,
    documents.PEOPLE,
    documents.LAWS,
    documents.LINKS,
    recording.IDENTIFIERS,
    recording.TEXTS,
    recording.WRITING,
    recording.IMPORTS,
    seen.SEARCH,
    seen.FIGURES,
    seen.VIEWS,
    ATTACHMENTS,
    PAPERS,
    FORMS,
    ACCOUNTS,
    MAIL,
    SENT,
    HTTP,
    SETTINGS,
    TRANSLATING,
)
"""Every topic, first what a council does, then the record, last the service."""

TITLE = ("この記録の決まり", "The rules of this record")
PREFACE = (
    (
        "記録できないと断られるときや、期限を示すときに、もとになる決まりです。"
        "法令・条例・標準規格やほかの自治体の例によるものは、それを示します。",
        "What a refusal, or a day on which something is due, rests on. Where a rule comes from a law, an "
        "ordinance, a standard or the practice of others, that is named.",
    ),
    (
        "「この記録の取り決め」とあるものは、この記録が独自に決めたもので、法令の定めではありません。ほかの自治"
        "体の例は、この市民会議を縛るものではありません。条例の条番号は、事例シートが引いている時点のものです"
        "（条例はその後に改正されています）。",
        "“A convention of this record” means that nobody but this record has made it so; it is no law. What "
        "others practise does not bind this council. Articles of the ordinance are numbered as the case "
        "sheet quotes them; it has been amended since.",
    ),
)
"""What stands above the rules, in both languages: what they are for, and how far they go."""
