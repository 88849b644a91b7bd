"""What pages and resources share: reading at a moment, lists, what a read takes."""
