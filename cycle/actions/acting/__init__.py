"""Who acts by the command line, and in which role they may: above the other rooms, since each act asks its own."""
