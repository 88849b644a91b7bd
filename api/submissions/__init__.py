"""What citizens send in by a form, without an account: that something on record is wrong, or a comment in an
open comment period. Nothing of it is in the record before whoever sent it has confirmed it by mail, and a
clerk has looked and taken it in (api/office/sent_in.py). Until then it is closed to everybody else."""
