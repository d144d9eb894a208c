"""What headquarters keeps of its own: who may sign in and how, failed sign-ins, who gave which order, choices."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.crypto import salted_hmac


class User(AbstractBaseUser):
    """Someone who works here.

    `name` is the id that events carry in `by`, for good: it is never given to somebody else. `role` is the role they
    act in now, `more_roles` the others they may change to; `place` is where they work, '' for anywhere; `partner` is
    the partner state of a liaison, '' for everybody else. `of_file` is what the operation file said of them when it was
    last read, None when they are not in it. `demo` accounts have a password that everybody knows and can sign in from
    this machine only. `must_change`: the password is a one-time one, good until `password_until_ms` (None: for good).
    `sessions_began` counts up to end every open session.
    """

    name = models.CharField(max_length=64, unique=True)
    full_name = models.CharField(max_length=200)
    role = models.CharField(max_length=32)
    more_roles = models.JSONField(default=list)
    place = models.CharField(max_length=64, blank=True)
    partner = models.CharField(max_length=64, blank=True)
    of_file = models.JSONField(null=True)
    is_active = models.BooleanField(default=True)
    demo = models.BooleanField(default=False)
    must_change = models.BooleanField(default=False)
    password_until_ms = models.BigIntegerField(null=True)
    sessions_began = models.IntegerField(default=0)

    objects = BaseUserManager()

    USERNAME_FIELD = "name"
    REQUIRED_FIELDS = ["full_name", "role"]

    def __str__(self) -> str:
        return self.name

    @property
    def roles(self) -> tuple[str, ...]:
        """Every role they hold, the one they act in first."""
        return (self.role, *(role for role in self.more_roles if role != self.role))

    def set_password(self, raw_password: str | None) -> None:
        """A password of their own, which takes the place of one that was printed or is good for one time."""
        super().set_password(raw_password)
        self.demo, self.must_change, self.password_until_ms = False, False, None

    def get_session_auth_hash(self) -> str:
        """Changes with the password and with `sessions_began`: a session with another one is over."""
        return self._sessions_hash()

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        """The same under earlier secret keys."""
        for key in settings.SECRET_KEY_FALLBACKS:
            yield self._sessions_hash(secret=key)

    def _sessions_hash(self, secret: str | None = None) -> str:
        counted = f"{self.password}:{self.sessions_began}"
        return salted_hmac("corridor.hq.sessions", counted, secret=secret, algorithm="sha256").hexdigest()


class Factor(models.Model):
    """A second factor of a user: the app that makes codes (`app`), or a passkey (`passkey`).

    `secret` is the app's secret, sealed, or the passkey's public credential; `credential` is a passkey's id. `counter`
    is the last step of time whose code was taken, or the passkey's own count of its uses: both only ever grow.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="factors")
    type = models.CharField(max_length=16)
    title = models.CharField(max_length=64)
    secret = models.BinaryField()
    credential = models.CharField(max_length=1400, unique=True, null=True)
    counter = models.BigIntegerField(default=0)
    added_at_ms = models.BigIntegerField()
    used_at_ms = models.BigIntegerField(null=True)


class RecoveryCode(models.Model):
    """A code that takes the place of a lost factor, once; only its keyed hash is kept."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="recovery_codes")
    hashed = models.CharField(max_length=64)


class AccountChange(models.Model):
    """That somebody changed an account: who, as what, whose, what, why, and what stood there before and after.

    `who` is '' for the shell, whoever has this machine. Nothing here is a secret; rows are only ever added.
    """

    at_ms = models.BigIntegerField(db_index=True)
    who = models.CharField(max_length=64, blank=True)
    role = models.CharField(max_length=32, blank=True)
    about = models.CharField(max_length=64, db_index=True)
    what = models.CharField(max_length=32)
    why = models.TextField(blank=True)
    changes = models.JSONField(default=list)


class FailedSignIn(models.Model):
    """A wrong password, or a wrong answer to the second step: kept for a while, so that guessing gets slow."""

    name = models.CharField(max_length=64)
    address = models.CharField(max_length=64)
    at_ms = models.BigIntegerField(db_index=True)
    second = models.BooleanField(default=False)


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


class Choice(models.Model):
    """What a reader chose for good, such as the columns of a table: `name` says of what."""

    who = models.CharField(max_length=64)
    name = models.CharField(max_length=64)
    value = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["who", "name"], name="chosen_once")]


class EnrolCode(models.Model):
    """A one-time code by which a phone is enrolled; only its hash is kept.

    `user` is the account that the phone will record for, `place` '' for one that travels; `by` is the officer who made
    it, who gives the order when it is used. `used_key` is the public key that used it, '' while none has.
    """

    hashed = models.CharField(max_length=64, unique=True)
    device = models.CharField(max_length=64)
    user = models.CharField(max_length=64)
    place = models.CharField(max_length=64, blank=True)
    by = models.CharField(max_length=64)
    made_at_ms = models.BigIntegerField()
    until_ms = models.BigIntegerField()
    used_key = models.CharField(max_length=64, blank=True)


class DeviceContact(models.Model):
    """How a phone did when it last talked to headquarters, as it said itself; None: it did not say, or does not know.

    `ahead_ms` is its clock minus ours when the request had come, the way included; `offset_ms` and `uncertainty_ms` are
    what it measured. `held_bytes` is what it put in quarantine since it was revoked.
    """

    device = models.CharField(max_length=64, unique=True)
    seen_at_ms = models.BigIntegerField()
    app = models.CharField(max_length=32, blank=True)
    epoch = models.BigIntegerField(default=1)
    backlog = models.BigIntegerField(default=0)
    backlog_since_ms = models.BigIntegerField(null=True)
    ahead_ms = models.BigIntegerField(default=0)
    offset_ms = models.BigIntegerField(null=True)
    uncertainty_ms = models.BigIntegerField(null=True)
    battery = models.IntegerField(null=True)
    held_bytes = models.BigIntegerField(default=0)


class RosterStep(models.Model):
    """What changed of a place's roster when it was last brought up to date, so that phones go on after a restart.

    `place` is '' for the roster of phones that travel; `packed` is what `hq.exchange.roster_steps` writes and reads.
    """

    place = models.CharField(max_length=64, blank=True, db_index=True)
    packed = models.BinaryField()


class PaperLine(models.Model):
    """That a line of a paper form was entered: a form's number and line are entered once, whoever does it."""

    form = models.CharField(max_length=16)
    line = models.IntegerField()
    who = models.CharField(max_length=64)
    at_ms = models.BigIntegerField()
    events = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["form", "line"], name="entered_once")]


class KeptPlan(models.Model):
    """A plan that somebody asked for, kept with the problem it answers; nothing here names anybody but by id.

    `state` is making, made or failed (`fault` says why). `at_ms` and `known_ms` are the clocks of the board it was made
    from; `base` is the plan it was changed from by hand, '' for one made from the board, and `changed` what was said.
    `problem`, `plan`, `first_come` (what a dispatcher would do) and `counsels` (go, wait or merge, of each flight) are
    packed JSON, empty where there is none. `value` and `bound` are in points, None: not known.
    """

    name = models.CharField(max_length=32, unique=True)
    asked_at_ms = models.BigIntegerField(db_index=True)
    who = models.CharField(max_length=64)
    role = models.CharField(max_length=32)
    at_ms = models.BigIntegerField(default=0)
    known_ms = models.BigIntegerField(default=0)
    hours = models.IntegerField()
    seconds = models.IntegerField()
    seed = models.IntegerField()
    base = models.CharField(max_length=32, blank=True)
    changed = models.JSONField(default=dict)
    state = models.CharField(max_length=16)
    fault = models.TextField(blank=True)
    problem = models.BinaryField(default=bytes)
    plan = models.BinaryField(default=bytes)
    first_come = models.BinaryField(default=bytes)
    counsels = models.BinaryField(default=bytes)
    value = models.FloatField(null=True)
    bound = models.FloatField(null=True)
    first_come_value = models.FloatField(null=True)
    cpu_seconds = models.FloatField(default=0)
