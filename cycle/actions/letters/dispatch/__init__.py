"""A letter on its way: sent, followed up, sent elsewhere, and its proof."""
