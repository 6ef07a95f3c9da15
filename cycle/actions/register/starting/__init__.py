"""From nothing to a table: what a document founds, and a folder that comes by the desk."""
