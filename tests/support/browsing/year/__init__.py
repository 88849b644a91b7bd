"""The year done at the office's screens: a server whose clock can be set, the clerk, what is done where, and
the answers of both records beside one another."""
