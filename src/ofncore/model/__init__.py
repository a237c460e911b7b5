"""The nouns: immutable values that everything speaks in."""
