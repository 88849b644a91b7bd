"""A past meeting from the file of its minutes and a sheet of who was there."""
