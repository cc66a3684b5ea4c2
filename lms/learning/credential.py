"""What a certificate says, written as the standard for such things has it, and read again. Pure.

Source: Open Badges 3.0 (1EdTech), an ``OpenBadgeCredential`` of the kind ``CertificateOfCompletion`` with a proof in
the format VC-JWT. What the standard has no word for is a ``Result`` with a ``resultType`` of our own (``ext:…``).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from lms.learning.completion import Completion

_CONTEXT = ["https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"]
_TITLE = "Sertifikat belajar mandiri, bukan STTP Latsar: %s"
_CRITERIA = (
    "Semua materi dibaca sampai akhir, semua cek dirinya dijawab, dan semua kuis modulnya diselesaikan. Belajar "
    "mandiri tanpa pengawas dan tanpa pemeriksaan identitas; bukan STTP Latsar."
)


@dataclass(frozen=True, slots=True)
class Credential:
    """What is certified: of whom, by which site (its address), since when."""

    id: UUID
    name: str
    issuer: str
    issued_at: datetime
    completion: Completion


@dataclass(frozen=True, slots=True)
class _Line:
    """One figure of a completion as a ``Result``. ``type``: the standard's, or one of our own; ``field``: whose."""

    field: str
    type: str
    name: str


_LINES = (
    _Line("minutes", "ext:Minutes", "Perkiraan waktu belajar, dalam menit"),
    _Line("lessons", "ext:Lessons", "Materi"),
    _Line("quizzes", "ext:Quizzes", "Kuis modul"),
    _Line("passed", "ext:QuizzesPassed", "Kuis modul yang lulus"),
    _Line("share", "Percent", "Rata-rata nilai terbaik kuis modul"),
    _Line("simulation", "ext:Title", "Simulasi"),
    _Line("best", "Percent", "Nilai terbaik simulasi"),
)


def payload(said: Credential) -> dict[str, Any]:
    """What is signed."""
    done, subject = said.completion, said.id.urn
    figures = {line: _written(line, getattr(done, line.field)) for line in _LINES}
    told = {line: value for line, value in figures.items() if value}
    moment = said.issued_at.astimezone(UTC)
    return {
        "@context": _CONTEXT,
        "id": said.id.urn,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": _TITLE % done.course,
        "issuer": {"id": said.issuer, "type": ["Profile"], "name": done.course},
        "validFrom": moment.isoformat(timespec="seconds").replace("+00:00", "Z"),
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "identifier": [
                {"type": "IdentityObject", "identityType": "name", "hashed": False, "identityHash": said.name}
            ],
            "achievement": {
                "id": f"{said.issuer}#kursus",
                "type": ["Achievement"],
                "achievementType": "CertificateOfCompletion",
                "name": done.course,
                "description": done.subtitle,
                "criteria": {"narrative": _CRITERIA},
                "version": done.release,
                "inLanguage": "id",
                "resultDescription": [
                    {
                        "id": _id(subject, line),
                        "type": ["ResultDescription"],
                        "resultType": line.type,
                        "name": line.name,
                    }
                    for line in told
                ],
            },
            "result": [
                {"type": ["Result"], "resultDescription": _id(subject, line), "value": value}
                for line, value in told.items()
            ],
        },
        "iss": said.issuer,
        "jti": said.id.urn,
        "nbf": int(moment.timestamp()),
    }


def _id(subject: str, line: _Line) -> str:
    return f"{subject}#{line.field}"


def _written(line: _Line, value: object) -> str:
    if value is None:
        return ""
    return _percent(float(str(value))) if line.type == "Percent" else str(value)


def _percent(share: float) -> str:
    """With one decimal, rounded down: 99.99 % is not yet everything."""
    return f"{math.floor(share * 1000 + 1e-9) / 10:.1f}"


def read(said: Mapping[str, Any]) -> Credential:
    """The same again; only for what ``payload`` wrote and a signature vouches for."""
    subject = said["credentialSubject"]
    achievement = subject["achievement"]
    told = {one["resultDescription"].partition("#")[2]: one["value"] for one in subject["result"]}

    def share(field: str) -> float | None:
        return float(told[field]) / 100 if field in told else None

    return Credential(
        id=UUID(said["id"]),
        name=subject["identifier"][0]["identityHash"],
        issuer=said["issuer"]["id"],
        issued_at=datetime.fromisoformat(said["validFrom"]),
        completion=Completion(
            course=achievement["name"],
            subtitle=achievement["description"],
            lessons=int(told["lessons"]),
            quizzes=int(told["quizzes"]),
            passed=int(told["passed"]),
            minutes=int(told["minutes"]),
            share=share("share"),
            simulation=told.get("simulation", ""),
            best=share("best"),
            release=achievement["version"],
        ),
    )
