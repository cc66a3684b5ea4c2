"""When a participant was first shown a mark or a key of an attempt"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_audit_event_subject", "audit_event", ["subject"])
    op.add_column("attempt", sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True))
    # Nobody noted it until now; whoever could have looked counts as having looked.
    op.execute("UPDATE attempt SET seen_at = submitted_at WHERE submitted_at IS NOT NULL")


def downgrade() -> None:
    op.drop_index("ix_audit_event_subject", "audit_event")
    with op.batch_alter_table("attempt") as table:
        table.drop_column("seen_at")
