"""Settings pages of the channels and of the rules of sending."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import display, links
from core.views import (
    ObjectActionView,
    ObjectCreateView,
    ObjectDeleteView,
    ObjectDetailView,
    ObjectListView,
    ObjectUpdateView,
    PageView,
    QuickFilter,
)
from core.views.base import ObjectMixin, hx_redirect
from core.views.detail import Action, Badge, Fact, FieldGroup
from messaging import selectors, services
from messaging.channels import ADAPTERS, adapter_class
from messaging.channels.base import Adapter
from messaging.choices import Channel, State
from messaging.filters.channels import ChannelAccountFilterSet
from messaging.forms.channels import ChannelAccountForm, ChannelTestForm, SendingRulesForm
from messaging.models import ChannelAccount, SendingRules
from messaging.tables.channels import CHANNEL_COLOURS, STATE_COLOURS, ChannelAccountTable

MOVING = (State.QUEUED, State.SENDING)
ICONS = {Channel.EMAIL: "mail", Channel.SMS: "message-2"}


class ChannelAccountListView(ObjectListView):
    """Mail servers and SMS lines."""

    model = ChannelAccount
    table_class = ChannelAccountTable
    filterset_class = ChannelAccountFilterSet
    empty_hint = gettext_lazy(
        "A channel is a mail server or an SMS line through which messages leave. "
        "Until there is one, mails leave through the server's own settings and SMS do not leave at all."
    )

    def get_quick_filters(self) -> list[QuickFilter]:
        return [self.quick(_("All")), *(self.quick(label, channel=value) for value, label in Channel.choices)]


class ChannelAccountDetailView(ObjectDetailView):
    """A channel: how it is set up, where the provider reports, and how its last messages fared."""

    model = ChannelAccount
    template_name = "messaging/channelaccount_detail.html"

    @property
    def adapter(self) -> type[Adapter] | None:
        """The provider's adapter."""
        return adapter_class(self.object.channel, self.object.provider)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        hook = reverse("provider_hook", args=[self.object.webhook_token]) if self.object.webhook_token else ""
        data = super().get_context_data(
            hook_url=links.absolute(hook) if hook and self.adapter and self.adapter.has_hook else "",
            token_url=self.url("token", self.object.pk),
            **recent(self.object, self.request.user),
            **kwargs,
        )
        return {**data, "object_icon": ICONS[self.object.channel]}

    def get_subtitle(self) -> str:
        return str(self.adapter.label) if self.adapter else self.object.provider

    def get_badges(self) -> list[Badge]:
        channel = self.object
        badges = [Badge(channel.get_channel_display(), CHANNEL_COLOURS[channel.channel])]
        if channel.is_default:
            badges.append(Badge(_("default"), "green"))
        if not channel.is_active:
            badges.append(Badge(_("Inactive"), "secondary"))
        return badges

    def get_actions(self) -> list[Action]:
        channel = self.object
        actions = [
            Action(_("Send a test message"), self.url("test", channel.pk), "send", method="dialog", primary=True)
        ]
        if not channel.is_default and channel.is_active:
            actions.append(Action(_("Make it the default"), self.url("default", channel.pk), "star", method="post"))
        return [*actions, *super().get_actions()]

    def get_field_groups(self) -> list[FieldGroup]:
        facts = [fact for name in ("sender", "sender_name", "rate_per_minute") if (fact := self.fact(name))]
        for option in self.adapter.options if self.adapter else ():
            value = self.object.options.get(option.name)
            if option.is_secret:
                value = _("stored encrypted") if self.object.secrets else ""
            elif option.choices:
                value = dict(option.choices).get(value, value)
            elif isinstance(value, bool):
                value = _("Yes") if value else _("No")
            if value not in (None, ""):
                facts.append(Fact(capfirst(str(option.label)), format_html('<bdi dir="auto">{}</bdi>', str(value))))
        return [FieldGroup(_("Settings"), facts)]


def recent(channel: ChannelAccount, user: Any) -> dict[str, Any]:
    """The last messages of the channel, and whether some are still moving."""
    rows = selectors.recent_messages(channel, user=user)
    for row in rows:
        row.colour = STATE_COLOURS[row.state]
        row.shown_to = display.format_phone(row.to_address) if row.channel == Channel.SMS else row.to_address
        if row.is_private and row.is_closed:
            row.shown_to = row.said = "…"
    url = reverse("messaging:channelaccount_messages", args=[channel.pk])
    return {"recent": rows, "moving": any(row.state in MOVING for row in rows), "recent_url": url}


class ChannelAccountMessagesView(ObjectMixin, PageView):
    """The last messages of a channel, asked for again while some are moving."""

    model = ChannelAccount
    template_name = "messaging/_channel_messages.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render_to_response(recent(self.get_object(), request.user))


class ChannelAccountCreateView(ObjectCreateView):
    """First the provider, then its settings."""

    model = ChannelAccount
    form_class = ChannelAccountForm
    title = gettext_lazy("New channel")

    def prepare(self) -> None:
        channel, _colon, provider = self.request.GET.get("provider", "").partition(":")
        if (channel, provider) not in ADAPTERS:
            raise Http404
        self.object = ChannelAccount(channel=channel, provider=provider, name=str(ADAPTERS[channel, provider].label))

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "provider" in request.GET:
            return super().get(request, *args, **kwargs)
        kinds = [
            (label, ICONS[Channel(value)], [a for (channel, _name), a in ADAPTERS.items() if channel == value])
            for value, label in Channel.choices
        ]
        context = {"view_title": self.get_title(), "kinds": kinds, "list_url": self.url("list")}
        return self.response_class(request, ["messaging/providers.html"], context, using=self.template_engine)

    def get_initial(self) -> dict[str, Any]:
        return {}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "can_add_another": False, "cancel_url": self.url("list")}

    def save_object(self, form: Any) -> ChannelAccount:
        return services.account_save(actor=self.request.user, instance=form.save(commit=False), secrets=form.secrets)


class ChannelAccountUpdateView(ObjectUpdateView):
    """Change a channel."""

    model = ChannelAccount
    form_class = ChannelAccountForm

    def save_object(self, form: Any) -> ChannelAccount:
        return services.account_save(
            actor=self.request.user,
            instance=form.save(commit=False),
            secrets=form.secrets,
            expected_version=self.expected_version(form),
        )


class ChannelAccountDeleteView(ObjectDeleteView):
    """To the bin; its messages stay, and those that wait for it fail with a clear word."""

    model = ChannelAccount


class ChannelActionView(ObjectActionView):
    """A button of a channel's page."""

    model = ChannelAccount
    permission = "change"


class ChannelAccountTestView(ChannelActionView):
    """A message to oneself, to see whether the channel works."""

    form_class = ChannelTestForm
    title = gettext_lazy("Send a test message")
    success_message = gettext_lazy("A test message is on its way; how it fares is shown below.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"account": self.object, "user": self.request.user}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            submit_label=_("Send"), cancel_url=self.object.get_absolute_url(), form_action=self.request.path, **kwargs
        )

    def perform(self, **data: Any) -> None:
        services.account_test(actor=self.request.user, account=self.object, **data)


class ChannelAccountDefaultView(ChannelActionView):
    """Messages leave through this one."""

    success_message = gettext_lazy("Messages leave through “%(name)s” now.")

    def perform(self, **data: Any) -> None:
        services.account_make_default(actor=self.request.user, account=self.object)


class ChannelAccountTokenView(ChannelActionView):
    """Another secret address for the provider's reports."""

    success_message = gettext_lazy("The channel has a new address for reports. Give it to the provider.")

    def perform(self, **data: Any) -> None:
        services.account_new_token(actor=self.request.user, account=self.object)


class SendingRulesView(ObjectUpdateView):
    """Quiet hours, consent, and the last line of SMS."""

    model = SendingRules
    form_class = SendingRulesForm
    title = gettext_lazy("Rules of sending")

    def get_object(self) -> SendingRules:
        row: SendingRules | None = self.get_queryset().first()
        if row is None:
            raise Http404
        return row

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "cancel_url": reverse("users:settings"), "list_url": ""}

    def save(self, form: Any) -> HttpResponse:
        services.rules_save(actor=self.request.user, instance=form.save(commit=False))
        messages.success(self.request, _("Saved."))
        return hx_redirect(self.request, reverse("messaging:sending_rules"))
