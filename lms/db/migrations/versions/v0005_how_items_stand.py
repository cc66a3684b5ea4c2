"""What an item counts is in its index: a decision about it looks at tens of thousands"""

from __future__ import annotations

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_attempt_item_stands",
        "attempt_item",
        ["item", "attempt_id", "question_version", "points", "maximum", "pending"],
    )
    op.drop_index("ix_attempt_item_item_attempt_id", "attempt_item")


def downgrade() -> None:
    op.create_index("ix_attempt_item_item_attempt_id", "attempt_item", ["item", "attempt_id"])
    op.drop_index("ix_attempt_item_stands", "attempt_item")
