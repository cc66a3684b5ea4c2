"""How far the running attempts of a cohort have the deadlines that its rules now say"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("cohort", sa.Column("deadlines_reached", sa.Uuid(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("cohort") as table:
        table.drop_column("deadlines_reached")
