"""What a person means by a query, which things it finds and in which order, and what may be meant instead."""
