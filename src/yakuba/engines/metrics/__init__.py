"""What services measure of themselves: declared metrics, their figures per municipality and period, figures that are measured elsewhere.

A room declares in its ``metrics.py`` what it counts (:mod:`.declaring`); the worker asks it each night and keeps the answer
(:class:`~.models.Snapshot`), which may be asked for again at any time. What a review rests on is frozen
(:class:`~.models.FrozenFigure`): from then on a correction is a new row with its reason. Nine tenths of a city's figures come from
elsewhere; those are series with an owner, a layout and a due day (:class:`~.models.Series`). A plan binds its indicators to any of them
through :data:`~.sources.SOURCES` (docs/add-a-metric.md, docs/decisions/0017).
"""
