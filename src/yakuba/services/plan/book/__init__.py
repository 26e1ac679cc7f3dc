"""The plan book: an edition as PDF, Word document or workbook, and in the city's own Excel form.

:mod:`.placeholders` what a cell may hold · :mod:`.templates` which parts a book has, and their columns · :mod:`.manuscript` the book as
data, from a `yakuba-plan/1` document and nothing else · :mod:`.writers` that data as PDF, DOCX and XLSX · :mod:`.forms` the city's own
Excel form · :mod:`.making` which document, which template, which writer

A book is a document of its city: its words are Japanese, in whatever language its maker reads the desk.
"""
