"""The look of Yakuba: page shells, components, lists, charts and the living style page."""
