"""The secrets of the links sent by mail."""

import re
from base64 import urlsafe_b64decode

from fiches.forms import private_address


def test_a_secret_is_32_random_bytes_in_the_characters_that_an_address_takes():
    secret = private_address.new_link_secret()
    assert len(urlsafe_b64decode(f"{secret}=")) == 32
    assert len(secret) == private_address.LENGTH
    assert re.fullmatch(private_address.SecretConverter.regex, secret)
    assert private_address.new_link_secret() != secret
