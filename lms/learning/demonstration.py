"""The people of a demonstration: they exist only where a server listens on loopback, and their password is public."""

from __future__ import annotations

from dataclasses import dataclass

from lms.db.accounts import Role

PASSWORD = "coba-latsar-2026"  # noqa: S105 – public by design, and only on loopback


@dataclass(frozen=True, slots=True)
class Demonstrator:
    """Somebody a newcomer may sign in as. Roles, not persons: nobody is invented."""

    login: str
    name: str
    roles: tuple[Role, ...]
    label: str
    password: str = PASSWORD

    @property
    def role(self) -> str:
        return self.label


PEOPLE = (
    Demonstrator("peserta", "Peserta Contoh", (Role.PARTICIPANT,), "Peserta"),
    Demonstrator("peserta2", "Peserta Kedua", (Role.PARTICIPANT,), "Peserta lain"),
    Demonstrator("pengampu", "Pengampu Contoh", (Role.INSTRUCTOR,), "Pengampu"),
    Demonstrator("penyunting", "Penyunting Contoh", (Role.EDITOR,), "Penyunting"),
    Demonstrator("pengelola", "Pengelola Contoh", (Role.ADMINISTRATOR,), "Pengelola"),
)
#: The one that began first comes first.
COHORTS = ("Angkatan Contoh I", "Angkatan Contoh II")
