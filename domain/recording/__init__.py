"""How a command is carried out and recorded: what it may touch, what it rests on, what it is answered."""
