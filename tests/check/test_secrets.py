"""Which forms of keys and tokens are found."""

from __future__ import annotations

import pytest

from sitegen.check.secrets import secrets

BODY = "MIIBAAJBAKj34GkxFhD90vcNLYLInFEX6Ppy1tPf9Cnzj4p4WGeKLs1Pt8Qu"
"""Of no key."""


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (f"-----BEGIN PRIVATE KEY-----\n{BODY}", "a private key"),
        (f"-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\n{BODY}", "a private key"),
        (f"-----BEGIN OPENSSH PRIVATE KEY-----\\n{BODY}", "a private key"),
        (f"-----BEGIN PGP PRIVATE KEY BLOCK-----\n\n{BODY}", "a private key"),
        ("PuTTY-User-Key-File-3: ssh-ed25519", "a PuTTY key"),
        (f"key=AKIA{'Q' * 16};", "an AWS access key"),
        (f'aws_secret_access_key = "{"a" * 40}"', "an AWS secret key"),
        (f"https://x:ghp_{'a' * 36}@github.com", "a GitHub token"),
        (f"github_pat_{'a' * 82}", "a GitHub token"),
        (f"glpat-{'a' * 20}", "a GitLab token"),
        (f"xoxb-{'1' * 24}", "a Slack token"),
        (f"sk_live_{'a' * 24}", "a Stripe key"),
        (f"SG.{'a' * 22}.{'b' * 43}", "a SendGrid key"),
        (f"pypi-AgE{'a' * 60}", "a PyPI token"),
        (f"//registry/:_authToken=npm_{'a' * 36}", "an npm token"),
        (f'"private_key_id": "{"0" * 40}"', "a Google service account"),
        (f"sk-ant-{'a' * 60}", "an OpenAI or Anthropic key"),
        (f"maud:$2y$05${'x' * 53}", "a password file"),
        (f"maud:$apr1$salt${'x' * 22}", "a password file"),
    ],
)
def test_what_is_found(text: str, kind: str) -> None:
    """A secret of this form, with its line, and nothing else."""
    assert list(secrets(f"one\ntwo {text} three".encode())) in ([(kind, 2)], [])
    assert list(secrets(f"one\ntwo\n{text}\n".encode())) == [(kind, 3)]


@pytest.mark.parametrize(
    "text",
    [
        "the header -----BEGIN PRIVATE KEY----- stands before a private key",
        f"-----BEGIN PUBLIC KEY-----\n{BODY}",
        f"-----BEGIN CERTIFICATE-----\n{BODY}",
        "AKIAIOSFODNN7EXAMPLE",
        f"SLAKIA{'Q' * 16}",
        f"glpat-{'a' * 5}",
        "a task-ant-hill and the risk-proj-ect",
        "price:$200 and more:$5",
    ],
)
def test_what_is_not(text: str) -> None:
    """Words about keys, public parts, and the examples of documentation."""
    assert list(secrets(text.encode())) == []
