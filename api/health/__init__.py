"""Is the record sound and can it be written: what is looked at all the time, and every night."""
