"""How often an account was tried wrongly from each place, so that each place waits for itself"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "tries",
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("login", sa.String(length=200), nullable=False),
        sa.Column("place", sa.String(length=60), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("ready_at", _MOMENT, nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("kind", "login", "place", name=op.f("pk_tries")),
    )
    op.create_index("ix_tries_at", "tries", ["at"])
    op.create_index("ix_tries_place_at", "tries", ["place", "at"])
    # What the throttle asked of each try to sign in; an auditor can do without.
    op.drop_index("ix_sign_in_address_at", "sign_in")


def downgrade() -> None:
    op.create_index("ix_sign_in_address_at", "sign_in", ["address", "at"])
    op.drop_table("tries")
