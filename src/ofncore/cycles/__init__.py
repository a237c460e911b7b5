"""Order cycles: status, opening and closing, editing, what is on offer, producer summaries."""
