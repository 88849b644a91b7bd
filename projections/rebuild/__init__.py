"""Views made anew from the log, proved to be the same, and swapped in."""
