"""Standing orders: which cycles they reach, who gets what, what happens after the close."""
