"""The covenant as a folder, a list or sheets to take away."""
