"""What code a function reaches, and what of it counts: the fingerprints of folds and views."""
