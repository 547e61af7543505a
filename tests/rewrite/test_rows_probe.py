from .rows import rows, row
@rows(row(torch="import torch\nx = torch.zeros(2)", tensorflow="import tensorflow as tf\nx = tf.zeros([2])"))
def test_a(case): case.check()
