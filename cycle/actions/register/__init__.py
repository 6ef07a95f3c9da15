"""From document to register: reading in, comparing, storing, giving it out again."""
