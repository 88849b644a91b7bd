"""What can be seen: views folded from the log, written with it in one transaction, rebuilt with proof."""
