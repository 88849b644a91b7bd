"""Roles granted to a person: for which body, from when, until when."""
