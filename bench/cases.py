"""What is measured: the pages of a sales team's day."""

import re
from dataclasses import dataclass
from html import unescape

from django.urls import reverse

from accounts.models import Account
from bench.calendar import month_url
from bench.client import Answer, Client
from bench.measure import Case
from bench.story import seed_story
from core.pagination import encode_cursor
from leads.models import Lead
from opportunities.models import Opportunity, Stage
from users.models import User

PANEL = re.compile(r'hx-get="(/panels/[^"]+)" hx-trigger="([^"]+)" data-panel')
FIRST_SEEN = 3
PERSIAN_WORDS = ("ژیان‌پور", "کریمی", "شركت پارس", "البرز", "محمدی", "نیک‌نام", "فولاد", "شیراز")
PALETTE_WORDS = ("کریمی", "پارس", "0912", "زاگرس", "نگار احمدی", "سپهر")


@dataclass
class World:
    """Ids the cases use, taken once from the database."""

    leads: list[int]
    open_leads: list[int]
    accounts: list[int]
    deals: list[int]
    owner: int
    stages: dict[int, list[int]]
    far: str  # the key of a row deep in the list of leads

    @classmethod
    def look(cls) -> "World":
        """Pick records spread over the tables."""
        leads = list(Lead.objects.order_by("pk").values_list("pk", flat=True)[:2000:40])
        open_leads = list(
            Lead.objects.filter(status__in=("new", "contacted", "qualified"))
            .order_by("-pk")
            .values_list("pk", flat=True)[:60]
        )
        busy = Opportunity.objects.exclude(account=None).order_by("account_id").values_list("account_id", flat=True)
        accounts = list(dict.fromkeys(busy[:200]))[:40]
        deals = list(Opportunity.objects.filter(status="open").order_by("-pk").values_list("pk", flat=True)[:80])
        owner = User.objects.filter(pk__in=Lead.objects.values("owner")).order_by("pk").values_list("pk", flat=True)[0]
        stages: dict[int, list[int]] = {}
        for pk, cycle in Stage.objects.filter(kind="open").order_by("position").values_list("pk", "cycle_id"):
            stages.setdefault(cycle, []).append(pk)
        accounts = accounts or list(Account.objects.values_list("pk", flat=True)[:40])
        ordered = Lead.objects.order_by("created_at", "pk")
        far = encode_cursor(ordered[ordered.count() // 5], ["-created_at", "-pk"])
        return cls(leads, open_leads, accounts, deals, owner, stages, far)


def reading(client: Client, visitor: Client, world: World) -> list[Case]:
    """Pages that change nothing."""
    lists = reverse("leads:lead_list")
    story = reverse("panel", args=["accounts.account", seed_story(), "timeline"])
    deep = f"{lists}?status=contacted&owner={world.owner}&page=50"

    def get(path: str) -> list[Answer]:
        return [client.get(path)]

    def page_with_panels(number: int) -> list[Answer]:
        page = client.get(reverse("accounts:account_detail", args=[world.accounts[number % len(world.accounts)]]))
        panels = PANEL.findall(page.body.decode())[:FIRST_SEEN]  # what came with the page is not asked for again
        missing = [unescape(url) for url, trigger in panels if "once" in trigger]
        return [page, *(client.get(url, **{"HX-Request": "true"}) for url in missing)]

    return [
        Case("empty_view", lambda _: [visitor.get("/bench/empty/")]),
        Case("bare_template", lambda _: [visitor.get("/bench/bare/")]),
        Case("lead_list", lambda _: get(lists)),
        Case("lead_list_deep", lambda _: get(deep)),
        Case("lead_list_far", lambda _: get(f"{lists}?page=300&after={world.far}")),
        Case("lead_search", lambda n: [client.get(f"{lists}?q={quote(PERSIAN_WORDS[n % len(PERSIAN_WORDS)])}")]),
        Case(
            "palette", lambda n: [client.get(f"{reverse('palette')}?q={quote(PALETTE_WORDS[n % len(PALETTE_WORDS)])}")]
        ),
        Case("search_page", lambda n: [client.get(f"{reverse('search')}?q={quote(words(n))}")]),
        Case(
            "typeahead",
            lambda n: [client.get(f"{reverse('typeahead', args=['accounts.account'])}?q={quote(words(n))}")],
        ),
        Case("lead_duplicates", lambda n: get(f"{reverse('leads:lead_duplicates')}?{typed(n)}")),
        Case("lead_detail", lambda n: get(reverse("leads:lead_detail", args=[world.leads[n % len(world.leads)]]))),
        Case("opportunity_list", lambda _: get(reverse("opportunities:opportunity_list"))),
        Case("activity_list", lambda _: get(reverse("activities:activity_list"))),
        Case("account_list", lambda _: get(reverse("accounts:account_list"))),
        Case("account_360", page_with_panels),
        Case("timeline_10k", lambda _: [client.get(story, **{"HX-Request": "true"})]),
        Case("calendar_month", lambda _: get(month_url())),
        Case("board", lambda _: get(reverse("opportunities:opportunity_board"))),
        Case("funnel", lambda _: get(reverse("reports:funnel"))),
        Case("my_day", lambda _: get(reverse("reports:my_day"))),
    ]


def quote(words: str) -> str:
    """Words for an address."""
    from urllib.parse import quote as url_quote

    return url_quote(words)


def words(number: int) -> str:
    """What somebody looks for."""
    return PERSIAN_WORDS[number % len(PERSIAN_WORDS)]


def typed(number: int) -> str:
    """A new lead's form so far, as the search for duplicates gets it."""
    from urllib.parse import urlencode

    company, last = PERSIAN_WORDS[(number + 2) % 3 + 2], PERSIAN_WORDS[number % 2]
    mobile = f"0912{5_000_000 + number:07d}"
    return urlencode({"first_name": "سارا", "last_name": last, "company": company, "mobile": mobile})


def writing(client: Client, world: World) -> list[Case]:
    """Pages that write: create, convert, move."""
    deals = {
        o.pk: o for o in Opportunity.objects.filter(pk__in=world.deals).only("pk", "stage_id", "cycle_id", "version")
    }

    def create(number: int) -> list[Answer]:
        form = [
            ("party_type", "organisation"),
            ("first_name", "سارا"),
            ("last_name", f"آزمون {number}"),
            ("company", f"شرکت سنجش {number}"),
            ("mobile", f"0912{5_000_000 + number % 1_000_000:07d}"),
            ("currency", "IRR"),
            ("consent", "unknown"),
        ]
        return [client.post(reverse("leads:lead_add"), form)]

    def convert(number: int) -> list[Answer]:
        pk = world.open_leads[number % len(world.open_leads)]
        form = [("account_choice", "new"), ("contact_choice", "new"), ("create_opportunity", "on")]
        return [client.post(reverse("leads:lead_convert", args=[pk]), form)]

    def move(number: int) -> list[Answer]:
        deal = deals[world.deals[number % len(world.deals)]]
        stages = world.stages[deal.cycle_id]
        target = next(s for s in stages if s != deal.stage_id)
        answer = client.post(
            reverse("opportunities:opportunity_move", args=[deal.pk]),
            [("stage", str(target)), ("version", str(deal.version))],
        )
        deal.refresh_from_db(fields=["stage_id", "version"])
        return [answer]

    return [Case("lead_create", create, 25), Case("lead_convert", convert, 25), Case("stage_move", move, 25)]
