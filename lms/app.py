"""Puts the rooms together: the only file that knows them all."""

from __future__ import annotations

import dataclasses
import gc
from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask
from flask.typing import ResponseReturnValue
from jinja2 import ChoiceLoader, PackageLoader, StrictUndefined
from sqlalchemy.exc import DBAPIError
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.middleware.proxy_fix import ProxyFix

from lms.catalog.load import load
from lms.catalog.served import Served, Watched
from lms.catalog.source import chosen
from lms.config import BadSetting, Settings, from_environ
from lms.db import tables as tables  # every table is known before the first query
from lms.db.engine import Database
from lms.features.accounts import from_host
from lms.features.accounts import views as accounts
from lms.features.attempts import views as attempts
from lms.features.cards import views as cards
from lms.features.certificates import views as certificates
from lms.features.exports import views as exports
from lms.features.figures import views as figures
from lms.features.gradebook import views as gradebook
from lms.features.guides import views as guides
from lms.features.learn import views as learn
from lms.features.look import views as look
from lms.features.lti import views as lti
from lms.features.marking import views as marking
from lms.features.notes import views as notes
from lms.features.offline import views as offline
from lms.features.overrides import views as overrides
from lms.features.participants import views as participants
from lms.features.plan import views as plan
from lms.features.practice import views as practice
from lms.features.quiz_analysis import views as quiz_analysis
from lms.features.regrade import views as regrade
from lms.features.regulation_gaps import views as regulation_gaps
from lms.features.reports import views as reports
from lms.features.search import views as search
from lms.features.studio import mending
from lms.features.studio import views as studio
from lms.learning.api import deliveries, events
from lms.memory import Memories, Memory
from lms.web import (
    codings,
    errors,
    framing,
    guards,
    headers,
    health,
    hosts,
    keeping,
    kind_trial,
    kinds,
    language,
    last_page,
    log,
    mistakes,
    overlay,
    receivers,
    site,
    style,
)
from lms.web.assets import Assets
from lms.web.host import Host, Identify
from lms.web.house import house
from lms.web.links import Links, link
from lms.web.prefix import below
from lms.web.sessions import Sessions

#: Each has a blueprint ``bp``, and says what it offers to the others: ``LINKS`` and ``MENU`` (lms/web/links.py).
FEATURES = (
    *(accounts, plan, learn, notes, cards, search, attempts, practice, certificates),
    *(gradebook, participants, figures, regulation_gaps, exports, marking, quiz_analysis, regrade, overrides),
    *(studio, reports, guides, look, offline, lti),
)

#: What is there besides while a pack is edited.
AT_WORK = (mending,)

#: Where templates lie besides a feature's own: those of all pages, and ``items/<kind>/page.html`` beside the kind.
#: Those of kinds from other packages lie there (``kinds.pages``).
TEMPLATES = ("web/templates", "quiz")


T = TypeVar("T")


class BrokenPack(BadSetting):
    """The pack has errors that would meet a reader; production does not start with it."""


class Application(Flask):
    """Flask, except that what lost a race in the database, or its connection, is asked again.

    Views commit in one transaction and change nothing else before it, so the second run starts from a clean slate.
    """

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Views and hooks are plain functions here; Flask asks each of them at every request whether it is."""
        return func

    def preprocess_request(self) -> ResponseReturnValue | None:
        return self._retried(super().preprocess_request)

    def dispatch_request(self) -> ResponseReturnValue:
        return self._retried(super().dispatch_request)

    def _retried(self, work: Callable[[], T]) -> T:
        def once() -> T:
            try:
                return work()
            except DBAPIError as error:
                site.give_back(error)  # it may be dead; the next run takes another one
                raise

        database: Database = self.extensions["lms"].database
        return database.retried(once)


def create_server_app(settings: Settings | None = None) -> Flask:
    """The application for a process of its own: it writes a log, and the garbage collector leaves what is loaded alone.

    Going through the whole pack again and again costs a tenth of every page (docs/performance.md).
    """
    log.configure()
    app = create_app(settings)
    if prefix := app.extensions["lms"].settings.url_prefix:
        app.wsgi_app = below(prefix, app.wsgi_app)  # type: ignore[method-assign,assignment]
    gc.collect()
    gc.freeze()
    return app


def create_app(settings: Settings | None = None, *, host: Host | None = None) -> Flask:
    """Build the application. Raises ``BadSetting`` for settings, and ``BrokenPack`` for a pack, it must not serve.

    ``host``: the application that says who is signed in, instead of our own sign-in page.
    """
    settings = (settings or from_environ()).checked()
    app = Application("lms", static_folder=None)
    app.jinja_loader = ChoiceLoader([*(PackageLoader("lms", folder) for folder in TEMPLATES), kinds.pages()])
    _configure(app, settings)
    app.session_interface = Sessions()
    features = (*FEATURES, *(AT_WORK if settings.mode == "development" else ()))
    worn = house(settings)
    assets, links = Assets(worn.files), Links((feature.LINKS, feature.MENU) for feature in features)
    app.extensions["lms"] = site.Site(
        settings=settings,
        database=Database.of(settings),
        pack=_pack(settings),
        memory=Memory(),
        pages=Memories(),
        house=worn,
        assets=assets,
        links=links,
        host=host,
    )
    _listen(app, settings)
    app.jinja_env.globals["link"] = link
    app.jinja_env.globals["mistakes_in"] = mistakes.mistakes_in
    # The order of the hooks is the order of this list: a request gets its id before anything can refuse it.
    log.install(app)
    errors.install(app)
    if host:
        guards.install_for_host(app, from_host.load)
    else:
        guards.install(app, accounts.load)
    guards.Csrf(app)
    language.install(app)
    app.teardown_appcontext(site.give_back)
    keeping.install(app)
    framing.install(app)
    codings.install(app)
    for feature in features:
        app.register_blueprint(feature.bp)
    if settings.mode == "development":
        app.register_blueprint(style.bp)
    links.lead_to(app.view_functions)
    kind_trial.try_out(app)
    overlay.lay(app, settings.templates)
    served = hosts.known(assets.serve(app.wsgi_app), settings.trusted_hosts)
    app.wsgi_app = headers.protected(  # type: ignore[method-assign,assignment]
        last_page.behind(health.beside(served, app.extensions["lms"]))
    )
    if settings.proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app,
            x_for=settings.proxies,
            x_proto=settings.proxies,
            x_host=settings.proxies,
            x_prefix=0,
        )
    return app


def init_app(
    app: Flask,
    *,
    url_prefix: str = "/latsar",
    settings: Settings | None = None,
    identity: Identify | None = None,
    sign_in_url: str = "/",
    sign_out_url: str = "",
) -> Flask:
    """Mount the whole below ``url_prefix`` of somebody else's application, and return our part of it.

    The two stay apart: each has its own templates, static files, session cookie and CSRF tokens. Without
    ``settings`` they come from the environment, and the host's secret key serves when ``LMS_SECRET_KEY`` is not set.
    With other prefixes it is mounted more than once, each with settings of its own.

    ``identity`` is given the host's request and says who is signed in there (``Identity``) or None; then nobody signs
    in here, and the sign-in page leads to ``sign_in_url``, signing out to ``sign_out_url`` (docs/plugins.md).

    Raises ``BadSetting`` also where another mount is in the way, or ``identity`` is no plain function.
    """
    mounts: dict[str, site.Site] = app.extensions.setdefault("lms", {})
    if in_the_way := [
        one for one in mounts if f"{one}/".startswith(f"{url_prefix}/") or url_prefix.startswith(f"{one}/")
    ]:
        raise BadSetting(f"{in_the_way[0]} is mounted already, so that {url_prefix} cannot be")
    chosen = settings or from_environ()
    if not chosen.secret_key:
        chosen = dataclasses.replace(chosen, secret_key=str(app.secret_key or ""))
    chosen, host = dataclasses.replace(chosen, url_prefix=url_prefix), None
    if identity is not None:
        host = Host(app=app, prefix=url_prefix, identity=identity, sign_in_url=sign_in_url, sign_out_url=sign_out_url)
        # What a device keeps of pages goes when it hears who is there, and of a sign-out at the host it hears nothing.
        chosen = dataclasses.replace(chosen, offline=False)
    ours = create_app(chosen, host=host)
    _beside(app, url_prefix, ours)
    mounts[url_prefix] = ours.extensions["lms"]
    return ours


def _beside(app: Flask, url_prefix: str, ours: Flask) -> None:
    """Dispatch to ours what is below the prefix, behind what corrects addresses for both (``ProxyFix``)."""
    outer: Any = app
    name = "wsgi_app"
    while isinstance(getattr(outer, name), ProxyFix):
        outer, name = getattr(outer, name), "app"
    setattr(outer, name, DispatcherMiddleware(getattr(outer, name), {url_prefix: ours.wsgi_app}))


def _listen(app: Flask, settings: Settings) -> None:
    """What happens is told to whoever listens to the signals of ``lms.events``, and to the servers that are set."""
    ours: site.Site = app.extensions["lms"]
    events.listen(
        ours.database,
        events.Listeners(
            catalog=lambda: app.extensions["lms"].pack.current(),
            destinations=deliveries.destinations(settings),
            receives=receivers.received_by(app),
            tell=receivers.told_by(app),
        ),
    )


def _configure(app: Flask, settings: Settings) -> None:
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SECRET_KEY_FALLBACKS=list(settings.secret_key_fallbacks),
        # the newest signs and comes last; a page that was opened before the key changed holds a token of an earlier one
        WTF_CSRF_SECRET_KEY=[*settings.secret_key_fallbacks, settings.secret_key],
        REMEMBER_COOKIE_NAME="latsar-remember",  # a host's own would be read for ours: it may have the same key
        SESSION_COOKIE_NAME="latsar",  # with a prefix where it can be (lms/web/sessions.py)
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        SESSION_REFRESH_EACH_REQUEST=False,
        PERMANENT_SESSION_LIFETIME=settings.session_lifetime,
        MAX_CONTENT_LENGTH=settings.max_request_bytes,
        MAX_FORM_MEMORY_SIZE=settings.max_request_bytes,
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session: an answer kept offline for two hours must still be taken
        TEMPLATES_AUTO_RELOAD=settings.mode == "development",
    )
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True, "undefined": StrictUndefined}


def _pack(settings: Settings) -> Served:
    store = chosen(settings.pack)
    if settings.mode == "development":
        return Watched(store)
    catalog = load(store)
    if wrong := catalog.errors:
        listed = "\n".join(str(problem) for problem in wrong[:20])
        raise BrokenPack(f"the pack has {len(wrong)} error(s); `lms check` lists them all:\n{listed}")
    return Served(catalog)
