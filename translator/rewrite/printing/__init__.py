"""Writing a tree as libcst does, in a third of the time."""

from translator.rewrite.printing import expressions as expressions
from translator.rewrite.printing import statements as statements
from translator.rewrite.printing.printer import Printer as Printer
