"""What people decide about deadlines, steps and terms."""
