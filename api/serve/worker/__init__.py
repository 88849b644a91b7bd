"""gunicorn's worker for this service: one loop holds every connection, threads are for whole requests only.

gunicorn stays the server: it starts, watches and replaces workers, parses requests and frames answers. What
is ours is the loop between a socket and a thread, since none of its workers has a deadline for a head, a body
or an answer (decision 0021).
"""
