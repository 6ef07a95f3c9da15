"""The pages, feeds and health answers: a door. It reads the store, changes things only through `actions`, and turns
every error into a Dutch sentence. Links come from `settings.web.base_url`, never from what a request says.
"""
