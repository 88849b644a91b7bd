"""What was pasted or uploaded: large requests, and sheets that wait to be recorded."""
