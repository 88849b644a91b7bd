"""Words for fields, values, states and events, in both languages."""
