"""Writing a tree as libcst does, in a third of the time."""

from translator.source.printing import comprehensions as comprehensions
from translator.source.printing import expressions as expressions
from translator.source.printing import statements as statements
from translator.source.printing.printer import Printer as Printer
