"""The morning: what is to be told today, and the mails that tell it; rehearsing a year; welcome, overview, approval."""
