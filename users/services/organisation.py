"""The company's own row, and its currencies."""

import io
from typing import Any

from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import ProtectedError
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _

from core import audit, working_time
from core.errors import DomainError
from core.models import Currency, Organisation
from core.organisation import CACHE_KEY
from core.services import domain_error, require

LOGO_FORMATS = ("PNG", "JPEG", "WEBP")
LOGO_BYTES = 2 * 1024 * 1024
LOGO_PIXELS = 4000
LOGO_SIZE = (512, 512)


@transaction.atomic
def organisation_save(*, actor: Any, organisation: Organisation, logo: Any = None) -> Organisation:
    """Change the company's data. ``logo`` is an uploaded picture, False to remove it, None to keep it.

    The picture is decoded and written anew as PNG, so that what is kept is a picture and nothing else.
    """
    require(actor, "change", Organisation)
    before = Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)
    organisation.logo = before.logo
    try:
        organisation.full_clean(exclude=["logo"])
    except ValidationError as error:
        raise domain_error(error) from error
    changed = [
        f.name for f in Organisation._meta.fields if getattr(before, f.attname) != getattr(organisation, f.attname)
    ]
    changed += ["logo"] if logo is not None else []
    with audit.action("settings.changed", actor=actor, obj=organisation, params={"names": ", ".join(changed)}):
        if logo:
            organisation.logo.save(f"logo-{get_random_string(12)}.png", safe_picture(logo), save=False)
        elif logo is False:
            organisation.logo = ""  # type: ignore[assignment]
        organisation.save()
        Currency.objects.filter(pk=organisation.base_currency_id).update(rate=1, is_active=True)
    transaction.on_commit(lambda: cache.delete_many([CACHE_KEY, working_time.CACHE_KEY]))
    return organisation


def safe_picture(upload: UploadedFile) -> "ContentFile[bytes]":
    """The uploaded picture as a PNG of at most 512 × 512; anything that is not a small PNG, JPEG or WebP is refused."""
    from PIL import Image

    refusal = DomainError(_("Choose a PNG, JPEG or WebP picture of at most 2 MB."), field="logo")
    if (upload.size or 0) > LOGO_BYTES:
        raise refusal
    try:
        with Image.open(upload, formats=LOGO_FORMATS) as picture:
            if max(picture.size) > LOGO_PIXELS:
                raise refusal
            picture.load()
            copy = picture.convert("RGBA")
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise refusal from error
    copy.thumbnail(LOGO_SIZE)
    buffer = io.BytesIO()
    copy.save(buffer, "PNG", optimize=True)
    return ContentFile(buffer.getvalue())


@transaction.atomic
def currency_save(*, actor: Any, currency: Currency) -> Currency:
    """Create or change a currency; the base currency is worth one of itself and stays active."""
    adding = currency._state.adding
    require(actor, "add" if adding else "change", Currency)
    if Organisation.objects.filter(base_currency=currency.pk).exists() and (
        currency.rate != 1 or not currency.is_active
    ):
        raise DomainError(_("The base currency has the rate 1 and is active."), field="rate")
    try:
        currency.full_clean()
    except ValidationError as error:
        raise domain_error(error) from error
    params = {"code": currency.pk, "rate": str(currency.rate)}
    with audit.action("currency.saved", actor=actor, related=list(Organisation.objects.all()), params=params):
        currency.save()
    return currency


@transaction.atomic
def currency_delete(*, actor: Any, currency: Currency) -> None:
    """Remove a currency no record uses."""
    require(actor, "delete", Currency)
    code = currency.pk
    with audit.action("currency.deleted", actor=actor, related=list(Organisation.objects.all()), params={"code": code}):
        try:
            Currency.objects.filter(pk=code).delete()
        except ProtectedError as error:
            raise DomainError(_("Other records use this one, so it cannot be deleted. Make it inactive.")) from error
