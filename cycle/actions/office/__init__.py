"""What every room uses: the office, a covenant as a view, the logbook, versions, signed links, mail hours."""
