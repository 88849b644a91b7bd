"""Matter 案件: what was decided and why."""
