"""Bindings and what waits as subjects of the trail."""

from yakuba.engines.intake.models import Binding, Intake
from yakuba.kernel.actions import register_subject
from yakuba.kernel.trail.labels import register_name

register_subject("intake_binding", "手続と台帳のつながり", Binding)
register_subject("intake", "台帳への反映", Intake, title=lambda one: one.case.number)
register_name("intake.page", "台帳への反映を見る")
