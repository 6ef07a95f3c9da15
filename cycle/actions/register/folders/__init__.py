"""The covenant folder: what each file of it says."""
