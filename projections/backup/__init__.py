"""A backup of the record at one position, made while it is in use, and putting it back with proof."""
