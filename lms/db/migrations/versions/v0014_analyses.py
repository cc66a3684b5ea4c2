"""How the attempts at a quiz were answered, counted for the figures told of it"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "analysed_quiz",
        sa.Column("cohort_id", sa.Uuid(), nullable=False),
        sa.Column("quiz", sa.String(length=120), nullable=False),
        sa.Column("changes", sa.BigInteger(), nullable=False),
        sa.Column("recounts", sa.BigInteger(), nullable=False),
        sa.Column("made", sa.Uuid(), nullable=False),
        sa.Column("computed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.id"], name=op.f("fk_analysed_quiz_cohort_id_cohort"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("cohort_id", "quiz", name=op.f("pk_analysed_quiz")),
    )
    op.create_table(
        "analysis_cell",
        sa.Column("cohort_id", sa.Uuid(), nullable=False),
        sa.Column("quiz", sa.String(length=120), nullable=False),
        sa.Column("made", sa.Uuid(), nullable=False),
        sa.Column("item", sa.String(length=120), nullable=False),
        sa.Column("question_version", sa.String(length=64), nullable=False),
        sa.Column("which", sa.SmallInteger(), nullable=False),
        sa.Column("response", sa.Text(), nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.Column("maximum", sa.BigInteger(), nullable=False),
        sa.Column("score", sa.BigInteger(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.id"], name=op.f("fk_analysis_cell_cohort_id_cohort"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint(
            "cohort_id",
            "quiz",
            "made",
            "item",
            "question_version",
            "which",
            "response",
            "points",
            "maximum",
            "score",
            name=op.f("pk_analysis_cell"),
        ),
    )

    op.create_table(
        "analysed_person",
        sa.Column("made", sa.Uuid(), nullable=False),
        sa.Column("enrolment_id", sa.Uuid(), nullable=False),
        sa.Column("cohort_id", sa.Uuid(), nullable=False),
        sa.Column("quiz", sa.String(length=120), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.id"], name=op.f("fk_analysed_person_cohort_id_cohort"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["enrolment_id"],
            ["enrolment.id"],
            name=op.f("fk_analysed_person_enrolment_id_enrolment"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("made", "enrolment_id", name=op.f("pk_analysed_person")),
    )
    op.add_column("question_sum", sa.Column("recounts", sa.BigInteger(), server_default="0", nullable=False))
    op.create_index("ix_attempt_stands", "attempt", ["enrolment_id", "quiz", "passed", "started_at", "submitted_at"])
    op.create_index(
        "ix_lesson_record_read",
        "lesson_record",
        ["user_id", "lesson"],
        sqlite_where=sa.text("read_at IS NOT NULL"),
        postgresql_where=sa.text("read_at IS NOT NULL"),
    )
    op.create_index(
        "ix_response_confidence",
        "response",
        ["attempt_id", "confidence"],
        sqlite_where=sa.text("confidence IS NOT NULL"),
        postgresql_where=sa.text("confidence IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_response_confidence", table_name="response")
    op.drop_index("ix_lesson_record_read", table_name="lesson_record")
    op.drop_index("ix_attempt_stands", table_name="attempt")
    op.drop_column("question_sum", "recounts")
    op.drop_table("analysed_person")
    op.drop_table("analysis_cell")
    op.drop_table("analysed_quiz")
