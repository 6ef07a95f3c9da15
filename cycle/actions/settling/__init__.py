"""What the secretariat decides: phrases that can be read in two ways, older actions, and several deadlines at once."""
