"""The durable tables of a record by numbered migrations (docs/migrations.md).

Durable is what cannot be made again: the log, and the tables of ``projections/tables/durable.py``. Each
revision is a file in ``versions/`` and is never changed once it has been deployed. View tables are no part of
it: they are disposable, and made anew from the log.
"""
