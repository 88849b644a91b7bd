"""The edition of the rules: a number that rises when a rule is added or made stricter.

A rule condemns nothing that was recorded before it was a rule. A refusal says with which edition it came
(``refusal(…, since=…)``), and every record notes from which event on which edition was in force
(``rules_edition``, projections/engine/event_format.py). A rule that is made stricter gets a refusal of its
own.
"""

from __future__ import annotations

EDITION = 8
"""1: the rules of the first version. 2: nobody asserts for another without evidence. 3: nothing
invisible in a text. 4: options are frozen before they are resolved on. 5: whoever is no staff
acts for their own seat alone. 6: a correction is judged at its place. 7: dates are in order, and acts
have happened. 8: so have the acts that an import tells of, the other days on which something was done, and
moments of today."""
