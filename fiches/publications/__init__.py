"""What the public may see: the version that everything kept has in its key, and the responses that are kept under it.

Read in this order: ``version`` (one row, moved by whatever changes what is public), ``ledger`` (the register: a row a page),
``receivers`` (who moves the one and writes the other), ``release`` (the code that draws what is kept), ``conditional`` (ETag, 304,
``max-age``), ``requests``, ``kept`` and ``middleware`` (the kept responses), ``front`` (the HTTP cache in front). See
docs/decisions/0018-one-version.md and 0008-register.md.
"""
