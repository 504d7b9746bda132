"""How often this process found the response that was asked for."""

hits = 0
misses = 0
