"""Party 関係者: people and organisations, by id."""
