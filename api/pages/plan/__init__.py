"""Pages of plans, actions, sheets and the study."""
