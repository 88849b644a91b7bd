"""Mutation: small faults put into the code one at a time, to see whether a test notices them
(docs/decisions/0017-mutation.md)."""
