"""Addresses of designing procedures and of the inventory."""

from django.urls import URLPattern, path

from yakuba.kernel.ui import converters as _converters  # noqa: F401 – registers code6 and sheet
from yakuba.services.procedures.views.desk import designing as outlines
from yakuba.services.procedures.views.desk import (
    designing_files,
    designing_forms,
    designing_publishing,
    inventory,
)

_ALL = "<code6:code>/desk/procedures/"
_ONE = f"{_ALL}<uuid:procedure_id>/"
_INVENTORY = "<code6:code>/desk/inventory/"

_designing: list[URLPattern] = [
    path(_ALL, outlines.index, name="procedures-designs"),
    path(f"{_ALL[:-1]}.<sheet:file_format>", outlines.index_sheet, name="procedures-designs-sheet"),
    path(f"{_ALL}new/", designing_files.new, name="procedures-design-new"),
    path(_ONE, outlines.outline, name="procedures-design"),
    path(f"{_ONE}undo/", outlines.undo, name="procedures-design-undo"),
    path(f"{_ONE}facts/", designing_forms.facts_page, name="procedures-design-facts"),
    path(f"{_ONE}facts/<slug:slug>/", designing_forms.facts_form, name="procedures-design-group"),
    path(f"{_ONE}steps/<slug:key>/", designing_forms.step, name="procedures-design-step"),
    path(f"{_ONE}pages/<slug:key>/", designing_forms.page, name="procedures-design-page"),
    path(f"{_ONE}questions/<slug:key>/", designing_forms.question, name="procedures-design-question"),
    path(f"{_ONE}as-public/", designing_publishing.as_public, name="procedures-design-preview"),
    path(f"{_ONE}publish/", designing_publishing.publish_page, name="procedures-design-publish"),
    path(f"{_ONE}publish/now/", designing_publishing.publish, name="procedures-design-do-publish"),
    path(f"{_ONE}publish/pause/", designing_publishing.pause, name="procedures-design-do-pause"),
    path(f"{_ONE}publish/resume/", designing_publishing.resume, name="procedures-design-do-resume"),
    path(f"{_ONE}publish/close/", designing_publishing.close, name="procedures-design-do-close"),
    path(f"{_ONE}publish/try/", designing_publishing.try_out, name="procedures-design-do-try"),
    path(f"{_ONE}versions/<int:number>/", designing_publishing.version, name="procedures-design-version"),
    path(
        f"{_ONE}versions/<int:number>/procedure.json",
        designing_files.file_of_version,
        name="procedures-design-version-file",
    ),
    path(f"{_ONE}manage/", designing_files.manage, name="procedures-design-manage"),
    path(f"{_ONE}manage/assign/", designing_files.assign, name="procedures-design-assign"),
    path(f"{_ONE}manage/delete/", designing_files.delete, name="procedures-design-delete"),
    path(f"{_ONE}manage/replace/", designing_files.replace_draft, name="procedures-design-replace"),
    path(f"{_ONE}procedure.json", designing_files.file_of, name="procedures-design-file"),
]

_inventory: list[URLPattern] = [
    path(_INVENTORY, inventory.index, name="procedures-inventory"),
    path(f"{_INVENTORY[:-1]}.<sheet:file_format>", inventory.sheet, name="procedures-inventory-sheet"),
    path(f"{_INVENTORY}new/", inventory.new, name="procedures-inventory-new"),
    path(f"{_INVENTORY}import/", inventory.upload, name="procedures-inventory-import"),
    path(f"{_INVENTORY}import/confirm/", inventory.confirm, name="procedures-inventory-confirm"),
    path(f"{_INVENTORY}publish/", inventory.publish, name="procedures-inventory-publish"),
    path(f"{_INVENTORY}<uuid:row_id>/", inventory.row, name="procedures-inventory-row"),
]

designing: list[URLPattern] = [*_designing, *_inventory]
