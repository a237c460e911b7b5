"""Whole cycles, step by step: what must be known of all orders, stored, compared."""
