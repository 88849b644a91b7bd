"""The record as it stood: on a day, as known on a day; what changed between two."""
