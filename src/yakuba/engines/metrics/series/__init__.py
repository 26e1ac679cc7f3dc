"""Figures that are measured elsewhere (コンビニ交付, eLTAX, LINE, a training's attendance list): who brings them, from which file, by when.

``layout`` says which columns of a file hold what; ``spelled`` and ``reading`` read it; ``beside`` puts what a file brings beside what is
there; ``rules`` fold months to years and tell what is owed; ``source`` offers the figures to indicators.
"""
