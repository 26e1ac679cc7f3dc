"""What the desk pages of cases share."""

from __future__ import annotations

from yakuba.kernel.access.desk import Pages

show = Pages("casework").show
