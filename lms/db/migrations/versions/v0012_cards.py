"""Questions that come back: how they were remembered, and when a self-check was answered wrongly"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "card_review",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("item", sa.String(length=120), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("grade", sa.String(length=10), nullable=False),
        sa.Column("major", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_card_review_user_id_user"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", "item", "made_at", "grade", name=op.f("pk_card_review")),
    )
    op.create_table(
        "card_state",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("item", sa.String(length=120), nullable=False),
        sa.Column("major", sa.String(length=64), nullable=False),
        sa.Column("stability", sa.Double(), nullable=False),
        sa.Column("difficulty", sa.Double(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_card_state_user_id_user"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", "item", name=op.f("pk_card_state")),
    )
    op.add_column("self_check", sa.Column("missed_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE self_check SET missed_at = answered_at WHERE fraction < 1")


def downgrade() -> None:
    op.drop_column("self_check", "missed_at")
    op.drop_table("card_state")
    op.drop_table("card_review")
