"""What runs by itself or rarely: periodic work, retention, erasure, the bin."""
