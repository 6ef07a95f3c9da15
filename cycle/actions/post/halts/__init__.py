"""When post stands still: alarms, guards, and what a person then decides."""
