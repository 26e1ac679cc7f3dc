"""Known sites of buried cultural property (周知の埋蔵文化財包蔵地), what was asked about them, notified and dug.

Where looting is feared everybody gets a coarse place that a rule makes; the true range is for the office alone.
"""
