"""Stories of the record, told through the forms of the office by somebody without JavaScript."""
