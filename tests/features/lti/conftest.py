"""Platforms on this machine, a site that may ask them, and one that owes them a score."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID

import pytest

from lms.catalog.load import load
from lms.catalog.model import Catalog
from lms.catalog.source import Folder
from lms.config import Settings
from lms.db.engine import Database
from lms.learning import platform_keys, platforms
from lms.learning.platforms import Agreed
from lms.web.site import now
from tests.conftest import PACK, Cast
from tests.features.lti import platform
from tests.features.lti.gradebook import Gradebook, gradebook
from tests.features.lti.local import Local, listening
from tests.features.lti.platform import CLIENT, DEPLOYMENT, ISSUER
from tests.features.lti.sites import Site


@pytest.fixture
def local() -> Iterator[Local]:
    with listening() as found:
        yield found.sound()


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """The tests' platforms lie in the operator's own network."""
    return replace(settings, own_network=True)


@pytest.fixture
def book() -> Iterator[Gradebook]:
    with gradebook() as found:
        yield found


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    return load(Folder.at(PACK))


@pytest.fixture(scope="session")
def signs() -> platform_keys.SigningKey:
    """Made once: it takes a moment."""
    return platform_keys.new_key()


@pytest.fixture
def site(database: Database, people: Cast, catalog: Catalog, book: Gradebook, signs: platform_keys.SigningKey) -> Site:
    return Site(database, people, catalog, book, signs)


@pytest.fixture
def registered(database: Database) -> UUID:
    """An approved platform, whose keys are known."""
    agreed = Agreed(
        name="Moodle BPSDM",
        issuer=ISSUER,
        client_id=CLIENT,
        authorization_url=f"{ISSUER}/mod/lti/auth.php?a=1",
        token_url=f"{ISSUER}/mod/lti/token.php",
        keys_url=f"{ISSUER}/mod/lti/certs.php",
        deployments=(DEPLOYMENT,),
    )
    with database.transaction() as db:
        row = platforms.add(db, agreed, approved=True, now=now())
        row.keys, row.keys_read_at = {platform.KEY: platform.public()}, now()
        found: UUID = row.id
    return found
