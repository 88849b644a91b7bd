"""What an append is held against and sent with, under its lock: other writers, the clock, one round trip."""
