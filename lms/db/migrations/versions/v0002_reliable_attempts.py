"""What an attempt needs so that it cannot be lost, and what staff may decide about it"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _new_tables()
    with op.batch_alter_table("attempt") as table:
        table.add_column(sa.Column("closes_at", _MOMENT, nullable=True))
    op.execute("UPDATE attempt SET closes_at = deadline_at")
    with op.batch_alter_table("attempt") as table:
        table.drop_index("ix_attempt_deadline_at")
        table.create_index("ix_attempt_closes_at", ["closes_at"])
        table.create_check_constraint(
            op.f("ck_attempt_grace"),
            "(deadline_at IS NULL) = (closes_at IS NULL) AND closes_at >= deadline_at",
        )
    _fill("cohort", sa.Column("grace_minutes", sa.Integer()), "10")
    _fill("response", sa.Column("made_at", _MOMENT), "saved_at")
    _fill("response", sa.Column("flagged", sa.Boolean()), sa.false())
    _fill("mark", sa.Column("pending", sa.Boolean()), sa.false())
    with op.batch_alter_table("response") as table:
        table.add_column(sa.Column("checked_at", _MOMENT, nullable=True))
        table.add_column(sa.Column("confidence", sa.String(10), nullable=True))
    with op.batch_alter_table("mark") as table:
        table.add_column(sa.Column("regrade_id", sa.Uuid(), nullable=True))
        table.alter_column("reason", existing_type=sa.String(200), type_=sa.Text(), existing_nullable=False)
        table.drop_index("ix_mark_attempt_id")
        table.create_index("ix_mark_attempt_id_item", ["attempt_id", "item"])
        table.create_foreign_key(op.f("fk_mark_regrade_id_regrade"), "regrade", ["regrade_id"], ["id"])


def _fill(table: str, column: sa.Column[Any], value: object) -> None:
    """Add a column that may not be empty, and give the rows that are there ``value``."""
    column.nullable = True
    with op.batch_alter_table(table) as batch:
        batch.add_column(column)
    filled = sa.text(value) if isinstance(value, str) else value
    op.execute(sa.table(table, sa.column(column.name)).update().values({column.name: filled}))
    with op.batch_alter_table(table) as batch:
        batch.alter_column(column.name, existing_type=column.type, nullable=False)


def _new_tables() -> None:
    op.create_table(
        "allowance",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("quiz", sa.String(120), nullable=False),
        sa.Column("extra_minutes", sa.Integer(), nullable=False),
        sa.Column("extra_attempts", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("granted_at", _MOMENT, nullable=False),
        sa.CheckConstraint("extra_minutes >= 0 AND extra_attempts >= 0", name=op.f("ck_allowance_extra")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_allowance_user_id_user"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_allowance")),
        sa.UniqueConstraint("user_id", "quiz", name=op.f("uq_allowance_user_id_quiz")),
    )
    op.create_table(
        "cohort_quiz",
        sa.Column("cohort_id", sa.Uuid(), nullable=False),
        sa.Column("quiz", sa.String(120), nullable=False),
        sa.Column("opens_at", _MOMENT, nullable=True),
        sa.Column("closes_at", _MOMENT, nullable=True),
        sa.Column("review", sa.JSON(), nullable=True),
        sa.CheckConstraint("closes_at > opens_at", name=op.f("ck_cohort_quiz_window")),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.id"], name=op.f("fk_cohort_quiz_cohort_id_cohort"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("cohort_id", "quiz", name=op.f("pk_cohort_quiz")),
    )
    op.create_table(
        "regrade",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("item", sa.String(120), nullable=False),
        sa.Column("cohort_id", sa.Uuid(), nullable=True),
        sa.Column("action", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["user.id"], name=op.f("fk_regrade_author_id_user"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.id"], name=op.f("fk_regrade_cohort_id_cohort"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_regrade")),
    )
    op.create_index("ix_regrade_item", "regrade", ["item"])
    op.create_table(
        "question_report",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("attempt_id", sa.Uuid(), nullable=False),
        sa.Column("item", sa.String(120), nullable=False),
        sa.Column("question_version", sa.String(64), nullable=False),
        sa.Column("response", sa.Text(), nullable=True),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("reported_at", _MOMENT, nullable=False),
        sa.Column("answered_at", _MOMENT, nullable=True),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint("state in ('open', 'fixed', 'declined')", name=op.f("ck_question_report_state")),
        sa.ForeignKeyConstraint(
            ["answered_by"], ["user.id"], name=op.f("fk_question_report_answered_by_user"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["attempt.id"], name=op.f("fk_question_report_attempt_id_attempt"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["question_version"],
            ["question_version.digest"],
            name=op.f("fk_question_report_question_version_question_version"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_question_report_user_id_user"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_report")),
        sa.UniqueConstraint("attempt_id", "item", name=op.f("uq_question_report_attempt_id_item")),
    )
    op.create_index("ix_question_report_state_reported_at", "question_report", ["state", "reported_at"])
    op.create_index("ix_question_report_user_id_reported_at", "question_report", ["user_id", "reported_at"])


def downgrade() -> None:
    with op.batch_alter_table("mark") as table:
        table.drop_constraint(op.f("fk_mark_regrade_id_regrade"), type_="foreignkey")
        table.drop_index("ix_mark_attempt_id_item")
        table.create_index("ix_mark_attempt_id", ["attempt_id"])
        table.alter_column("reason", existing_type=sa.Text(), type_=sa.String(200), existing_nullable=False)
        table.drop_column("pending")
        table.drop_column("regrade_id")
    with op.batch_alter_table("response") as table:
        for column in ("confidence", "flagged", "checked_at", "made_at"):
            table.drop_column(column)
    with op.batch_alter_table("cohort") as table:
        table.drop_column("grace_minutes")
    with op.batch_alter_table("attempt") as table:
        table.drop_constraint(op.f("ck_attempt_grace"), type_="check")
        table.drop_index("ix_attempt_closes_at")
        table.create_index("ix_attempt_deadline_at", ["deadline_at"])
        table.drop_column("closes_at")
    for name in ("question_report", "regrade", "cohort_quiz", "allowance"):
        op.drop_table(name)
