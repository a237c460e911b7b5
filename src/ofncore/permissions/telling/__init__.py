"""Decisions made ready to be shown: to the host in full, to the actor without what they may not know."""
