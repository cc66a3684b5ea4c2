"""What each person did at each quiz, as one row"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "quiz_record",
        sa.Column("enrolment_id", sa.Uuid(), nullable=False),
        sa.Column("quiz", sa.String(length=120), nullable=False),
        sa.Column("closed", sa.Integer(), nullable=False),
        sa.Column("judged", sa.Integer(), nullable=False),
        sa.Column("passed", sa.Integer(), nullable=False),
        sa.Column("shares", sa.Double(), nullable=False),
        sa.Column("first", sa.Integer(), nullable=False),
        sa.Column("best", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.Column("share", sa.Double(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("waiting_since", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["enrolment_id"],
            ["enrolment.id"],
            name=op.f("fk_quiz_record_enrolment_id_enrolment"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("enrolment_id", "quiz", name=op.f("pk_quiz_record")),
    )
    op.execute(_RECORDS)
    unread = sa.text("read_at IS NULL")
    op.create_index(
        "ix_lesson_record_unread",
        "lesson_record",
        ["last_seen_at", "user_id", "lesson", "first_seen_at"],
        sqlite_where=unread,
        postgresql_where=unread,
    )
    # Which attempt is the best was defined otherwise before: quizzes are counted anew.
    op.execute("DELETE FROM analysed_person")
    op.execute("DELETE FROM analysis_cell")
    op.execute("DELETE FROM analysed_quiz")


#: Of each person and quiz the attempt that comes first in each order: one that is judged, else one that waits for a
#: person, else one that is open; the best passed, or earned the largest share, the earliest of several alike.
_RECORDS = """
WITH known AS (
    SELECT enrolment_id, quiz, number, started_at, submitted_at, score, passed, score / nullif(maximum, 0) AS share,
        CASE WHEN score IS NOT NULL THEN 0 WHEN submitted_at IS NOT NULL THEN 1 ELSE 2 END AS stage
    FROM attempt
    WHERE enrolment_id IS NOT NULL
), placed AS (
    SELECT known.*,
        row_number() OVER (PARTITION BY enrolment_id, quiz ORDER BY stage, number) AS first,
        row_number() OVER (
            PARTITION BY enrolment_id, quiz
            ORDER BY stage, CASE WHEN passed THEN 0 ELSE 1 END, coalesce(share, -1) DESC, number
        ) AS best,
        row_number() OVER (PARTITION BY enrolment_id, quiz ORDER BY stage, number DESC) AS last
    FROM known
)
INSERT INTO quiz_record (enrolment_id, quiz, closed, judged, passed, shares, first, best, last, share,
    started_at, submitted_at, waiting_since)
SELECT enrolment_id, quiz, count(submitted_at), count(score), count(CASE WHEN passed THEN 1 END),
    coalesce(sum(share), 0), max(CASE WHEN first = 1 THEN number END), max(CASE WHEN best = 1 THEN number END),
    max(CASE WHEN last = 1 THEN number END), max(CASE WHEN best = 1 THEN share END),
    max(started_at), max(submitted_at), min(CASE WHEN score IS NULL THEN submitted_at END)
FROM placed
GROUP BY enrolment_id, quiz
"""


def downgrade() -> None:
    op.drop_index("ix_lesson_record_unread", "lesson_record")
    op.drop_table("quiz_record")
