"""The register of what is public, the version of its content, and the caches that have that version in their keys.

Read in this order: `version` (one row, incremented by each public change), `ledger` (the register: one row per page),
`receivers` (the signals that update both), `responses` (the cache of whole responses, ETag, 304, CORS). See docs/decisions.md.
"""
