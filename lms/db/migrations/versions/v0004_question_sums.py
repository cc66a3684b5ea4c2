"""How questions were answered, as sums"""

from __future__ import annotations

import hashlib
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_BATCH = 5_000


def upgrade() -> None:
    _table(
        "question_sum",
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("answered", sa.Integer(), nullable=False),
        sa.Column("marked", sa.Integer(), nullable=False),
        sa.Column("fractions", sa.BigInteger(), nullable=False),
        sa.Column("changes", sa.BigInteger(), nullable=False),
    )
    _table(
        "response_count",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
    )
    op.execute(_SUMS)
    _count_responses()


def _table(name: str, *more: sa.Column[Any]) -> None:
    """A row for each version of a question that a cohort was asked at a quiz, or for each response to it."""
    keys: list[sa.Column[Any]] = [
        sa.Column("cohort_id", sa.Uuid(), nullable=False),
        sa.Column("item", sa.String(length=120), nullable=False),
        sa.Column("question_version", sa.String(length=64), nullable=False),
        sa.Column("quiz", sa.String(length=120), nullable=False),
    ]
    names = [column.name for column in [*keys, *more] if column.name not in _NUMBERS]
    op.create_table(
        name,
        *keys,
        *more,
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.id"], name=op.f(f"fk_{name}_cohort_id_cohort"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint(*names, name=op.f(f"pk_{name}")),
    )


_NUMBERS = {"attempts", "answered", "marked", "fractions", "changes", "value"}
#: Counted are the closed attempts made under an enrolment of somebody who takes part to this day.
_COUNTED = """
    FROM attempt
    JOIN enrolment ON enrolment.id = attempt.enrolment_id
        AND enrolment.place = 'participant' AND enrolment.left_at IS NULL
    JOIN attempt_item ON attempt_item.attempt_id = attempt.id
    LEFT JOIN response ON response.attempt_id = attempt.id AND response.item = attempt_item.item
    WHERE attempt.submitted_at IS NOT NULL
"""
_KEYS = "enrolment.cohort_id, attempt_item.item, attempt_item.question_version, attempt.quiz"
_COUNTS = "attempt_item.maximum > 0 AND attempt_item.pending = false"
_SUMS = f"""
INSERT INTO question_sum (cohort_id, item, question_version, quiz, attempts, answered, marked, fractions, changes)
SELECT {_KEYS}, count(*), count(response.value), count(CASE WHEN {_COUNTS} THEN 1 END),
    coalesce(sum(CASE WHEN {_COUNTS} THEN CAST(round(attempt_item.fraction * 1000000000) AS BIGINT) END), 0), 1
{_COUNTED}
GROUP BY {_KEYS}
"""
#: Answers longer than this are not listed one by one.
_RESPONSES = f"""
SELECT {_KEYS}, response.value AS value, count(*) AS attempts
{_COUNTED} AND length(response.value) <= 2100
GROUP BY {_KEYS}, response.value
"""


def _count_responses() -> None:
    """Engines have no digest in common, so rows pass through here, a few thousand at a time."""
    names = ("cohort_id", "item", "question_version", "quiz", "digest", "value", "attempts")
    table = sa.table("response_count", sa.column("cohort_id", sa.Uuid()), *map(sa.column, names[1:]))
    connection = op.get_bind()
    counted = sa.text(_RESPONSES).columns(sa.column("cohort_id", sa.Uuid()), *map(sa.column, (*names[1:4], *names[5:])))
    for rows in connection.execute(counted, execution_options={"yield_per": _BATCH}).mappings().partitions():
        connection.execute(
            sa.insert(table),
            [dict(row) | {"digest": hashlib.sha256(row["value"].encode()).hexdigest()} for row in rows],
        )


def downgrade() -> None:
    op.drop_table("response_count")
    op.drop_table("question_sum")
