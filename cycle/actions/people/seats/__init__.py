"""Who sits at the table, and for what."""
