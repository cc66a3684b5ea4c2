"""Attempts know their enrolment, items their current mark, decisions the versions they are about"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    with op.batch_alter_table("enrolment") as table:
        table.add_column(sa.Column("left_at", _MOMENT, nullable=True))
    _attempts()
    _current_marks()
    _decisions()


def _attempts() -> None:
    with op.batch_alter_table("attempt") as table:
        table.add_column(sa.Column("enrolment_id", sa.Uuid(), nullable=True))
        table.drop_constraint(op.f("uq_attempt_user_id_quiz_number"), type_="unique")
    op.execute(_BELONGS)
    op.execute(_RENUMBERED)
    op.execute(_CLOSED_BY_TIME)
    with op.batch_alter_table("attempt") as table:
        table.create_foreign_key(op.f("fk_attempt_enrolment_id_enrolment"), "enrolment", ["enrolment_id"], ["id"])
        table.create_unique_constraint(op.f("uq_attempt_enrolment_id_quiz_number"), ["enrolment_id", "quiz", "number"])
        table.create_index("ix_attempt_user_id_quiz", ["user_id", "quiz"])
    alone = sa.text("enrolment_id IS NULL")
    op.create_index(
        "ix_attempt_alone",
        "attempt",
        ["user_id", "quiz", "number"],
        unique=True,
        sqlite_where=alone,
        postgresql_where=alone,
    )


#: An attempt was made under the enrolment as a participant that was the person's newest when it began; where all of
#: them are younger than the attempt, under the oldest; without any, under none.
_BELONGS = """
UPDATE attempt SET enrolment_id = coalesce(
    (
        SELECT enrolment.id FROM enrolment
        WHERE enrolment.user_id = attempt.user_id AND enrolment.place = 'participant'
        AND enrolment.enrolled_at <= attempt.started_at
        ORDER BY enrolment.enrolled_at DESC, enrolment.id DESC
        LIMIT 1
    ),
    (
        SELECT enrolment.id FROM enrolment
        WHERE enrolment.user_id = attempt.user_id AND enrolment.place = 'participant'
        ORDER BY enrolment.enrolled_at, enrolment.id
        LIMIT 1
    )
)
"""
#: The attempts of the same person at the same quiz up to an attempt. What they are ordered by does not change
#: meanwhile: SQLite sees its own update while it goes on.
_UP_TO_THIS = """
    SELECT count(*) FROM attempt AS earlier
    WHERE earlier.user_id = attempt.user_id AND earlier.quiz = attempt.quiz
    AND (earlier.started_at < attempt.started_at
        OR earlier.started_at = attempt.started_at AND earlier.id <= attempt.id)
"""
#: Numbers count from 1 within the enrolment now. They only become smaller, so no limit is passed.
_RENUMBERED = f"""
UPDATE attempt SET number = (
    {_UP_TO_THIS}
    AND (earlier.enrolment_id = attempt.enrolment_id OR earlier.enrolment_id IS NULL AND attempt.enrolment_id IS NULL)
)
"""  # noqa: S608 – both parts stand above
#: What a page handed in after its time was over had been ended by time; nobody had decided anything (docs/adr/0008).
_CLOSED_BY_TIME = """
UPDATE attempt SET closed_by = 'deadline' WHERE closed_by = 'participant' AND submitted_at > deadline_at
"""


def _current_marks() -> None:
    with op.batch_alter_table("attempt_item") as table:
        table.add_column(sa.Column("mark_id", sa.Uuid(), nullable=True))
        for name in ("fraction", "points", "maximum"):
            table.add_column(sa.Column(name, sa.Double(), nullable=True))
        for name in ("answered", "pending"):
            table.add_column(sa.Column(name, sa.Boolean(), nullable=True))
        table.create_index("ix_attempt_item_item_attempt_id", ["item", "attempt_id"])
    op.execute(
        """
        UPDATE attempt_item SET mark_id = (
            SELECT mark.id FROM mark
            WHERE mark.attempt_id = attempt_item.attempt_id AND mark.item = attempt_item.item
            ORDER BY mark.marked_at DESC, mark.id DESC
            LIMIT 1
        )
        """
    )
    op.execute(
        """
        UPDATE attempt_item
        SET fraction = mark.fraction, points = mark.points, maximum = mark.maximum, answered = mark.answered,
            pending = mark.pending
        FROM mark WHERE mark.id = attempt_item.mark_id
        """
    )


def _decisions() -> None:
    """A decision is about the versions it marked; one that marked none, about those that were there by then."""
    with op.batch_alter_table("regrade") as table:
        table.add_column(sa.Column("majors", sa.JSON(), nullable=True))
        table.add_column(sa.Column("reached", sa.Uuid(), nullable=True))
        table.add_column(sa.Column("finished_at", _MOMENT, nullable=True))
    regrade = sa.table("regrade", *map(sa.column, ("id", "item", "decided_at")), sa.column("majors", sa.JSON()))
    mark = sa.table("mark", *map(sa.column, ("regrade_id", "question_version")))
    version = sa.table("question_version", *map(sa.column, ("digest", "major", "item", "created_at")))
    connection = op.get_bind()
    for row in connection.execute(sa.select(regrade.c.id, regrade.c.item, regrade.c.decided_at)).all():
        marked = (sa.select(version.c.major).join(mark, mark.c.question_version == version.c.digest).distinct()).where(
            mark.c.regrade_id == row.id
        )
        there = sa.select(version.c.major).where(version.c.item == row.item, version.c.created_at <= row.decided_at)
        majors = set(connection.execute(marked).scalars()) or set(connection.execute(there).scalars())
        connection.execute(sa.update(regrade).where(regrade.c.id == row.id).values(majors=sorted(majors)))
    op.execute("UPDATE regrade SET finished_at = decided_at")
    with op.batch_alter_table("regrade") as table:
        table.alter_column("majors", existing_type=sa.JSON(), nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("regrade") as table:
        for column in ("finished_at", "reached", "majors"):
            table.drop_column(column)
    with op.batch_alter_table("attempt_item") as table:
        table.drop_index("ix_attempt_item_item_attempt_id")
        for column in ("pending", "answered", "maximum", "points", "fraction", "mark_id"):
            table.drop_column(column)
    op.drop_index("ix_attempt_alone", "attempt")
    with op.batch_alter_table("attempt") as table:
        table.drop_index("ix_attempt_user_id_quiz")
        table.drop_constraint(op.f("uq_attempt_enrolment_id_quiz_number"), type_="unique")
        table.drop_constraint(op.f("fk_attempt_enrolment_id_enrolment"), type_="foreignkey")
    op.execute(_LIMITS)
    op.execute(f"UPDATE attempt SET number = ({_UP_TO_THIS})")  # noqa: S608 – stands above
    with op.batch_alter_table("attempt") as table:
        table.drop_column("enrolment_id")
        table.create_unique_constraint(op.f("uq_attempt_user_id_quiz_number"), ["user_id", "quiz", "number"])
    with op.batch_alter_table("enrolment") as table:
        table.drop_column("left_at")


#: Above its limit no number can be, and now all of a person's attempts are counted: a limit below that goes.
_LIMITS = """
UPDATE attempt SET attempt_limit = NULL
WHERE attempt_limit < (
    SELECT count(*) FROM attempt AS other WHERE other.user_id = attempt.user_id AND other.quiz = attempt.quiz
)
"""
