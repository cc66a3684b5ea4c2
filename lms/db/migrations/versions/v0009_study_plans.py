"""By when somebody wants to be done, and the address of the calendar that says what to do each day"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "study_plan",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("finish_on", sa.Date(), nullable=True),
        sa.Column("calendar", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_study_plan_user_id_user"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_study_plan")),
        sa.UniqueConstraint("calendar", name=op.f("uq_study_plan_calendar")),
    )


def downgrade() -> None:
    op.drop_table("study_plan")
