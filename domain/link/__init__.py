"""Link つながり: that one thing came from another."""
