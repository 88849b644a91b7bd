"""The controls of forms, one file for each family of them, and the choice of one by a declared type."""
