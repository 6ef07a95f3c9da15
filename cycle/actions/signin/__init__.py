"""Who somebody is: signing in by mail, codes, and what a visitor may see."""
