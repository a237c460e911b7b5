"""Facts that permissions follow from, read from the storage as far as rules look."""
