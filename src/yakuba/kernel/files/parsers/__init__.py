"""What runs in the sandbox's child alone: it opens bytes that nobody has checked, and answers with facts.

The functions take numbers of open files (see ``files`` of :func:`yakuba.kernel.files.sandbox.read`) and say nothing to people: whoever
called puts a fault into words, in the language of the page.
"""
