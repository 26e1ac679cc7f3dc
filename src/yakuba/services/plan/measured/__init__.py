"""The plan's figures measured: which source an indicator is bound to, what is proposed, what a review sees beside what is typed.

A person binds; nothing is bound by itself (:mod:`.proposals` only proposes). A binding goes on into the next edition with its
indicator. When a round closes, what rested on a source is frozen there and kept beside the answer (docs/metrics.md).
"""
