"""Whole responses, kept for everyone until what they show changes. See docs/decisions/0011-whole-responses-kept.md."""
