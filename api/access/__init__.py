"""Who somebody is and what they may do: accounts, tokens, signing in, the access log."""
