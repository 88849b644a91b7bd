"""What every aggregate is made of: events, commands, the application that records them, correction,
policies."""
