"""What signing in is tried against: a directory of one's own."""
