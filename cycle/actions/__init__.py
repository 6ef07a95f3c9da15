"""What people or the clock may do. Each action gathers, decides, writes down, speaks, and writes down again.

Time is an argument here too: the doors hand it in. Decisions are the domain's; nothing here prints.
"""
