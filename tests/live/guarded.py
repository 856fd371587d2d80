"""An Apache Kafka that lets nobody in without a password over TLS, and gives nobody a right unasked: for the tests of rights."""

from __future__ import annotations

import os
import secrets
import shlex
import subprocess

from streams.settings import Settings
from tests.live import harness

USERS = ("worker", "producer", "subscriber", "operator", "embargoes", "stranger")
_ADMIN = "admin"
_SCRAM = "org.apache.kafka.common.security.scram.ScramLoginModule required"


class GuardedKafka(harness.Kafka):
    """One node whose clients speak SASL_SSL with SCRAM-SHA-512. Only `admin` and the node itself are super users."""

    def __init__(self) -> None:
        super().__init__()
        self.address = self.secure_address
        self.passwords = {user: secrets.token_hex(8) for user in (*USERS, _ADMIN)}
        login = f'{_SCRAM} username="{_ADMIN}" password="{self.passwords[_ADMIN]}";'
        with self._properties.open("a") as properties:
            properties.write(
                f"""
listeners=SASL_SSL://{self.address},CONTROLLER://{self._controller}
advertised.listeners=SASL_SSL://{self.address}
inter.broker.listener.name=SASL_SSL
sasl.enabled.mechanisms=SCRAM-SHA-512
sasl.mechanism.inter.broker.protocol=SCRAM-SHA-512
listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config={login}
ssl.truststore.type=PEM
ssl.truststore.location={self.certificate}
authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
super.users=User:{_ADMIN};User:ANONYMOUS
allow.everyone.if.no.acl.found=false
"""  # ANONYMOUS is the node on its own controller's listener; no client of the other listener is
            )
        self._client = self.directory / "admin.properties"
        self._client.write_text(
            f"""security.protocol=SASL_SSL
sasl.mechanism=SCRAM-SHA-512
sasl.jaas.config={login}
ssl.truststore.type=PEM
ssl.truststore.location={self.certificate}
"""
        )
        self._kafka_acls = self.directory / "kafka-acls"
        self._kafka_acls.write_text(f"#!/bin/sh\nexec {shlex.join(self.java)} org.apache.kafka.tools.AclCommand \"$@\"\n")
        self._kafka_acls.chmod(0o700)

    def login(self, user: str) -> dict[str, str]:
        """The environment of one who logs in as `user`."""
        return {
            "NEWSROOM_BROKER": self.address,
            "NEWSROOM_TLS": "1",
            "NEWSROOM_TLS_CA": str(self.certificate),
            "NEWSROOM_SASL_MECHANISM": "SCRAM-SHA-512",
            "NEWSROOM_SASL_USERNAME": user,
            "NEWSROOM_SASL_PASSWORD": self.passwords[user],
        }

    def grant(self, prefix: str, group: str, *roles: str) -> None:
        """Run deploy/kafka/acls, as the admin, for the topics of a prefix."""
        ours = {
            "KAFKA_ACLS": str(self._kafka_acls),
            "BOOTSTRAP": self.address,
            "ADMIN": str(self._client),
            "PREFIX": prefix,
            "GROUP": group,
            **{user.upper(): f"User:{user}" for user in USERS},
            "SUBSCRIPTION": "desk",
        }
        command = [str(harness.ROOT / "deploy/kafka/acls"), *roles]
        done = subprocess.run(command, env={**os.environ, **ours}, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stdout + done.stderr

    def _at_first(self) -> list[str]:
        users = ((f"SCRAM-SHA-512=[name={user},password={password}]") for user, password in self.passwords.items())
        return [word for user in users for word in ("--add-scram", user)]

    def admin(self) -> Settings:
        return Settings.from_env(self.login(_ADMIN))
