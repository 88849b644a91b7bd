"""The command line ``kyodo``: one file for each group of commands."""
