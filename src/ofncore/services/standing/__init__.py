"""Standing orders, step by step: kept in step with the cycles, placed at the opening, concluded after the close."""
