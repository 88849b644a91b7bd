"""Views of plans, actions, evaluation and the centre study."""
