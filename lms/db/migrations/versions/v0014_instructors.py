"""What instructors work with: counts of a quiz, notes about a participant, drafts, second marks, files of a cohort"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _counts()
    _staff_notes()
    _marks()
    _files()
    _proposals()


def _counts() -> None:
    """How the attempts at a quiz were answered, and what is read of who needs somebody."""
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
    op.create_index(
        "ix_attempt_stands",
        "attempt",
        ["enrolment_id", "quiz", "passed", "started_at", "submitted_at", "number", "score", "maximum"],
    )
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


def _staff_notes() -> None:
    """What instructors note about a participant."""
    op.create_table(
        "staff_note",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("enrolment_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.String(length=500), nullable=False),
        sa.Column("contacted", sa.Boolean(), nullable=False),
        sa.CheckConstraint("contacted OR text <> ''", name="says_something"),
        sa.ForeignKeyConstraint(
            ["author_id"], ["user.id"], name=op.f("fk_staff_note_author_id_user"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_staff_note_enrolment_id_enrolment"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_note")),
    )
    op.create_index(op.f("ix_staff_note_enrolment_id_written_at"), "staff_note", ["enrolment_id", "written_at"])


def _marks() -> None:
    """What is being typed about an answer, what a second person gave for it, what each criterion of a rubric earned."""
    op.add_column("mark", sa.Column("criteria", sa.JSON(none_as_null=True), nullable=True))
    op.create_table(
        "judgement_draft",
        sa.Column("attempt_id", sa.Uuid(), nullable=False),
        sa.Column("item", sa.String(length=120), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("typed", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["attempt.id"], name=op.f("fk_judgement_draft_attempt_id_attempt"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["user.id"], name=op.f("fk_judgement_draft_author_id_user"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("attempt_id", "item", "author_id", name=op.f("pk_judgement_draft")),
    )
    op.create_table(
        "second_mark",
        sa.Column("attempt_id", sa.Uuid(), nullable=False),
        sa.Column("item", sa.String(length=120), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("fraction", sa.Double(), nullable=False),
        sa.Column("criteria", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("marked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("settled_by", sa.Uuid(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(settled_at IS NULL) = (outcome IS NULL)", name=op.f("ck_second_mark_settled")),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["attempt.id"], name=op.f("fk_second_mark_attempt_id_attempt"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["user.id"], name=op.f("fk_second_mark_author_id_user"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["settled_by"], ["user.id"], name=op.f("fk_second_mark_settled_by_user"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("attempt_id", "item", name=op.f("pk_second_mark")),
    )


def _files() -> None:
    """Files of whole cohorts that are made in the background."""
    op.create_table(
        "export",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("cohort_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("form", sa.String(length=20), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("runs", sa.Integer(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("alive_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.id"], name=op.f("fk_export_cohort_id_cohort"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_export_user_id_user"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_export")),
    )
    op.create_index(op.f("ix_export_cohort_id_user_id"), "export", ["cohort_id", "user_id"])
    op.create_index(op.f("ix_export_asked_at"), "export", ["asked_at"])
    op.create_table(
        "export_piece",
        sa.Column("export_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["export_id"], ["export.id"], name=op.f("fk_export_piece_export_id_export"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("export_id", "place", name=op.f("pk_export_piece")),
    )


def _proposals() -> None:
    """What instructors want changed in a question."""
    op.create_table(
        "question_proposal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("cohort_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("quiz", sa.String(length=120), nullable=False),
        sa.Column("item", sa.String(length=120), nullable=False),
        sa.Column("question_version", sa.String(length=64), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint("state in ('open', 'fixed', 'declined')", name=op.f("ck_question_proposal_state")),
        sa.ForeignKeyConstraint(
            ["answered_by"], ["user.id"], name=op.f("fk_question_proposal_answered_by_user"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["user.id"], name=op.f("fk_question_proposal_author_id_user"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.id"], name=op.f("fk_question_proposal_cohort_id_cohort"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["question_version"],
            ["question_version.digest"],
            name=op.f("fk_question_proposal_question_version_question_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_proposal")),
    )
    op.create_index(op.f("ix_question_proposal_cohort_id_item"), "question_proposal", ["cohort_id", "item"])
    op.create_index(op.f("ix_question_proposal_state_proposed_at"), "question_proposal", ["state", "proposed_at"])


def downgrade() -> None:
    op.drop_table("question_proposal")
    op.drop_table("export_piece")
    op.drop_table("export")
    op.drop_table("second_mark")
    op.drop_table("judgement_draft")
    op.drop_column("mark", "criteria")
    op.drop_table("staff_note")
    op.drop_index("ix_response_confidence", table_name="response")
    op.drop_index("ix_lesson_record_read", table_name="lesson_record")
    op.drop_index("ix_attempt_stands", table_name="attempt")
    op.drop_column("question_sum", "recounts")
    op.drop_table("analysed_person")
    op.drop_table("analysis_cell")
    op.drop_table("analysed_quiz")
