"""Deliveries as subjects of the outbox and the trail: by purpose and id, never by the address."""

from django.urls import reverse

from yakuba.engines.delivery.models import Delivery
from yakuba.kernel.actions import Context, register_subject


def _url(ctx: Context, delivery: Delivery) -> str:
    return reverse("delivery-desk-delivery", args=[ctx.municipality.code, delivery.pk])


register_subject("delivery", "送信", Delivery, url=_url)
