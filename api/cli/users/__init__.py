"""``kyodo user``: accounts, and the roles they act in."""
