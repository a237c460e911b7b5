"""Who may do what: the rules, and the sets that they are put together from."""
