"""Orders, step by step: taken, amended, told about."""
