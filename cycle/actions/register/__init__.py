"""From document to register: reading in, comparing, deciding what is doubtful, giving it out again."""
