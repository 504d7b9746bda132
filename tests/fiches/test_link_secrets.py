"""The secrets of the links sent by mail."""

import re
from base64 import urlsafe_b64decode

from fiches import link_secrets


def test_a_secret_is_32_random_bytes_in_the_characters_that_an_address_takes():
    secret = link_secrets.new_link_secret()
    assert len(urlsafe_b64decode(f"{secret}=")) == 32
    assert len(secret) == link_secrets.LENGTH
    assert re.fullmatch(link_secrets.SecretConverter.regex, secret)
    assert link_secrets.new_link_secret() != secret
