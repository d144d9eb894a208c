"""What headquarters keeps of its own: who may sign in, and sign-ins that failed."""

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
