"""Public comment 意見募集 on the draft of a plan, or on a matter."""
