"""What stands in a letter: facts, agreements, agenda, looking back."""
