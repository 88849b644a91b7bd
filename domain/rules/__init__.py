"""The rules 決まり of the record: what a refusal, or something that is due, rests on, each stated once.

One file for each family of rules. A rule is one or two plain sentences in both languages, with the law, the
standard or the published practice it comes from; where it has none it is a convention of this record, and
says so. Whoever is refused can open it: at ``/rules``, and in ``docs/rules.md``, which is written from here.
"""
