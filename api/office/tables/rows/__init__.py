"""What a table is declared by, and what its rows are matched with."""
