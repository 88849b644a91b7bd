"""Tables in: what offices keep in sheets becomes part of the record, all of a table at once or none of it."""
