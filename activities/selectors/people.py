"""Colleagues to call by name."""

from collections import Counter

from django.db.models import Q

from core import rich_text, text
from users.models import User

FOUND, LOOKED_AT = 8, 60


def colleagues(query: str, *, besides: int | None = None) -> list[dict[str, str]]:
    """Active people whose name or address begins with or holds the typed letters, for the list under a text field.

    ``token`` is what the page writes into the text: the name, or with the key where a name is not unique.
    """
    typed = text.clean(query)[: text.MAX_QUERY_LENGTH]
    rows = User.objects.filter(is_active=True).exclude(pk=besides)
    for word in typed.split():
        rows = rows.filter(Q(first_name__icontains=word) | Q(last_name__icontains=word) | Q(email__istartswith=word))
    near = list(rows.order_by("first_name", "last_name", "pk")[:LOOKED_AT])
    near.sort(key=lambda user: not user.first_name.startswith(typed.split()[0]) if typed else False)
    found = near[:FOUND]
    alike = Counter(
        f"{first} {last}".strip()
        for first, last in User.objects.filter(
            is_active=True, first_name__in={user.first_name for user in found}
        ).values_list("first_name", "last_name")
    )
    return [
        {
            "token": f"@[{user}]" if alike[str(user)] == 1 else rich_text.mention(str(user), user.pk),
            "text": str(user),
            "hint": user.email,
        }
        for user in found
    ]
