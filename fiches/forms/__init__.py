"""What any public form has: limits, proof of work, privacy notice, widgets."""
