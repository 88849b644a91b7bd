"""Being told: digests by mail and a private calendar, for accounts of the office.

What is told is derived from the log, from the position up to which an account was told before, and from what
is due on a day. No append knows of it.
"""
