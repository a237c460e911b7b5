"""Documents: a whole world, or its state, as one JSON text; and the JSON form of every public value."""
