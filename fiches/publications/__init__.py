"""The register of what is public, the version of its content, and the caches that have that version in their keys.

Read in this order: `version` (one row, incremented by each public change), `ledger` (the register: one row per page),
`receivers` (the signals that update both), `release` (a digest of the deployed code), `conditional` (ETag, 304, ``max-age``),
`cache_keys`, `response_cache` and `middleware` (the response cache), `http_cache` (purges of the HTTP cache). See
docs/decisions.md.
"""
