"""What headquarters keeps of its own: who may sign in, failed sign-ins, who gave which order, what a reader chose."""

from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models


class User(AbstractBaseUser):
    """Someone who works here, as the operation file names them; only the password is not in that file.

    `name` is the id of the operation file, the same that events carry in `by`; `role` is one of its roles; `partner`
    is the partner state of a liaison, '' for everybody else. `demo` accounts have a password that everybody knows and
    can sign in from this machine only.
    """

    name = models.CharField(max_length=64, unique=True)
    full_name = models.CharField(max_length=200)
    role = models.CharField(max_length=32)
    place = models.CharField(max_length=64, blank=True)
    partner = models.CharField(max_length=64, blank=True)
    is_active = models.BooleanField(default=True)
    demo = models.BooleanField(default=False)

    objects = BaseUserManager()

    USERNAME_FIELD = "name"
    REQUIRED_FIELDS = ["full_name", "role"]

    def __str__(self) -> str:
        return self.name


class FailedSignIn(models.Model):
    """A wrong password: kept for a while, so that guessing gets slow."""

    name = models.CharField(max_length=64)
    address = models.CharField(max_length=64)
    at_ms = models.BigIntegerField(db_index=True)


class GivenOrder(models.Model):
    """That somebody gave an order, and what became of it: the log of the door. What was ordered stands in the events.

    `token` is that of the form; one token does one thing once. `refused` is the code of the no, '' when it was done.
    """

    at_ms = models.BigIntegerField(db_index=True)
    who = models.CharField(max_length=64)
    role = models.CharField(max_length=32)
    order = models.CharField(max_length=64)
    token = models.CharField(max_length=64)
    refused = models.CharField(max_length=64, blank=True)
    events = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["who", "token", "order"], condition=models.Q(refused=""), name="given_once")
        ]


class OperationVersion(models.Model):
    """A version of the operation file that somebody proposed, and why; `sha256` names its bytes in the archive.

    `changes` are the keys that differ from the version before, each with what stood there and what stands now.
    """

    at_ms = models.BigIntegerField(db_index=True)
    who = models.CharField(max_length=64)
    why = models.TextField()
    sha256 = models.CharField(max_length=64)
    changes = models.JSONField(default=list)


class Choice(models.Model):
    """What a reader chose for good, such as the columns of a table: `name` says of what."""

    who = models.CharField(max_length=64)
    name = models.CharField(max_length=64)
    value = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["who", "name"], name="chosen_once")]
