"""Mail: what is to be sent lies in an outbox, and one process sends it, outside of every append."""
