"""Orders: codes, placing, changing, stock, money, letters."""
