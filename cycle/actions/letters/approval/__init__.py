"""What directors are asked and answer, and the signed copy."""
