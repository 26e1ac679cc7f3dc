"""What an application is compared with: a page that writes one row of ten columns. Only the bench's server has it."""

from __future__ import annotations

from django.db import connection, models
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_POST

from yakuba.kernel.ids import uuid7

PATH = "/bench/row/"


class Row(models.Model):
    """Ten columns of the sorts that applications have."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    municipality = models.UUIDField()
    number = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    kana = models.CharField(max_length=200)
    state = models.CharField(max_length=40)
    count = models.IntegerField()
    body = models.JSONField()
    at = models.DateTimeField()
    note = models.TextField()

    class Meta:
        # No installed room's table: the bench makes it in its own database.
        app_label = "procedures_bench"

    def __str__(self) -> str:
        return self.number


@require_POST
def row(request: HttpRequest) -> HttpResponse:
    """Write the form into a row and point to a page, as the sending of an application does."""
    made = Row(
        municipality=uuid7(),
        number=request.POST["number"],
        name=request.POST["name"],
        kana=request.POST["kana"],
        state="received",
        count=1,
        body={"note": request.POST["note"]},
        at=timezone.now(),
        note=request.POST["note"],
    )
    made.save(force_insert=True)
    response = HttpResponse(status=303)
    response["Location"] = f"{PATH}{made.pk}/"
    return response


def make_table() -> None:
    """Make the table in the bench's database."""
    with connection.schema_editor() as editor:
        editor.create_model(Row)


urls = [path(PATH.lstrip("/"), row)]
