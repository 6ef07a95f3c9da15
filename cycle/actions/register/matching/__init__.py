"""What a document says beside what the register holds: pairs, differences, and the way back."""
