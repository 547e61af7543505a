"""Arguments: names, order, defaults that differ, what has no counterpart, and parentheses around what moves."""

from __future__ import annotations

from .rows import expressions, flagged, rows, to_tensorflow, to_torch, unless_flagged


@expressions(
    ("torch.zeros(2, 3)", "tf.zeros([2, 3])"),
    ("torch.zeros(n)", "tf.zeros([n])"),
    ("torch.zeros(shape)", "tf.zeros(shape)"),
    ("torch.zeros(2 * n, n // 2)", "tf.zeros([2 * n, n // 2])"),
    ("torch.zeros(2, dtype=torch.float64)", "tf.zeros([2], dtype=tf.float64)"),
    ("torch.ones(2, 3)", "tf.ones([2, 3])"),
    ("x.reshape(2, 3)", "tf.reshape(x, [2, 3])"),
    ("x.reshape(shape)", "tf.reshape(x, shape)"),
    ("x.reshape(-1)", "tf.reshape(x, [-1])"),
    ("torch.sum(x)", "tf.reduce_sum(x)"),
    ("torch.sum(x, dim=1)", "tf.reduce_sum(x, axis=1)"),
    ("torch.sum(x, 1)", "tf.reduce_sum(x, 1)"),
    ("torch.sum(x, dim=[0, 1], keepdim=True)", "tf.reduce_sum(x, axis=[0, 1], keepdims=True)"),
    ("torch.mean(x, -1, True)", "tf.reduce_mean(x, -1, True)"),
    ("torch.mean(x, dim=n)", "tf.reduce_mean(x, axis=n)"),
    ("torch.cat([x, y], 0)", "tf.concat([x, y], 0)"),
    ("torch.cat([x, y], dim=-1)", "tf.concat([x, y], axis=-1)"),
    ("torch.stack([x, y])", "tf.stack([x, y])"),
    ("x.unsqueeze(-1)", "tf.expand_dims(x, -1)"),
    ("torch.matmul(x, y)", "tf.matmul(x, y)"),
    ("torch.pow(x, 2)", "tf.pow(x, 2)"),
    ("x @ y", "x @ y"),
    ("x ** 2 - y / 3", "x ** 2 - y / 3"),
    ("torch.exp(-x)", "tf.exp(-x)"),
    ("torch.softmax(x, dim=-1)", "tf.nn.softmax(x, axis=-1)"),
    ("F.leaky_relu(x, negative_slope=0.3)", "tf.nn.leaky_relu(x, alpha=0.3)"),
    ("x.shape[1]", "x.shape[1]"),
    ("x[0, 1:, ..., -1]", "x[0, 1:, ..., -1]"),
)
def test_both_ways(case):
    case.check()


@expressions(
    ("x.relu()", "tf.nn.relu(x)"),
    ("x.sum(0)", "tf.reduce_sum(x, 0)"),
    ("x.sum((0, 1))", "tf.reduce_sum(x, (0, 1))"),
    ("x.mean(-1, True)", "tf.reduce_mean(x, -1, True)"),
    ("torch.sum(input=x, dim=1)", "tf.reduce_sum(x, axis=1)"),
    ("torch.zeros((n, 2))", "tf.zeros([n, 2])"),
    ("torch.zeros([n])", "tf.zeros([n])"),
    ("torch.zeros(())", "tf.zeros([])"),
    ("torch.zeros(*shape)", "tf.zeros([*shape])"),
    ("torch.zeros(*shape, 3)", "tf.zeros([*shape, 3])"),
    ("torch.zeros(x.shape)", "tf.zeros(x.shape)"),
    ("torch.zeros(x.size())", "tf.zeros(x.shape)"),
    ("torch.zeros(x.size(0), 3)", "tf.zeros([x.shape[0], 3])"),
    ("torch.zeros(len(x))", "tf.zeros([len(x)])"),
    ("torch.zeros(2, device='cpu')", "tf.zeros([2])"),
    ("torch.zeros(size=(2, 3))", "tf.zeros([2, 3])"),
    ("torch.rand(3) * 2 - 1", "tf.random.uniform([3]) * 2 - 1"),
    ("x.view(-1)", "tf.reshape(x, [-1])"),
    ("x.view(shape)", "tf.reshape(x, shape)"),
    ("x.view(*shape)", "tf.reshape(x, [*shape])"),
    ("x.view((2, -1))", "tf.reshape(x, [2, -1])"),
    ("x.view(n, n)", "tf.reshape(x, [n, n])"),
    ("x.view(x.size(0), -1)", "keras.layers.Flatten()(x)"),
    ("x.view(y.size(0), -1)", "tf.reshape(x, [y.shape[0], -1])"),
    ("x.flatten()", "tf.reshape(x, [-1])"),
    ("x.flatten(1)", "keras.layers.Flatten()(x)"),
    ("x.t()", "tf.transpose(x)"),
    ("x.T", "tf.transpose(x)"),
    ("F.leaky_relu(x)", "tf.nn.leaky_relu(x, alpha=0.01)"),
    ("F.leaky_relu(x, 0.1)", "tf.nn.leaky_relu(x, 0.1)"),
    ("F.leaky_relu(x, negative_slope=0.2, inplace=True)", "tf.nn.leaky_relu(x, alpha=0.2)"),
    ("F.mse_loss(x, y)", "tf.reduce_mean(tf.square(x - y))"),
    ("F.softplus(x, beta=2)", "tf.nn.softplus(2 * x) / 2"),
    ("F.gelu(x, approximate='tanh')", "keras.activations.gelu(x, approximate=True)"),
    ("F.mse_loss(x, y, reduction='sum')", "tf.reduce_sum(tf.square(x - y))"),
    ("F.mse_loss(target=y, input=x)", "tf.reduce_mean(tf.square(x - y))"),
    ("F.relu(input=x)", "tf.nn.relu(x)"),
    ("x.detach()", "tf.stop_gradient(x)"),
    ("x.detach().numpy()", "x.numpy()"),
    ("x.detach().cpu().numpy()", "x.numpy()"),
    ("x.cpu().numpy()", "x.numpy()"),
    to="tensorflow",
)
def test_to_tensorflow(case):
    case.check()


@expressions(
    ("torch.sum(x)", "tf.reduce_sum(input_tensor=x)"),
    ("torch.sum(x)", "tf.math.reduce_sum(x)"),
    ("F.relu(x)", "tf.nn.relu(features=x)"),
    ("F.leaky_relu(x, negative_slope=0.2)", "tf.nn.leaky_relu(x)"),
    ("torch.softmax(x, dim=-1)", "tf.nn.softmax(x)"),
    ("torch.zeros(2)", "tf.zeros((2,))"),
    ("torch.zeros(n, 3)", "tf.zeros([n, 3])"),
    ("torch.zeros(x.shape)", "tf.zeros(x.shape)"),
    ("x.permute(1, 0)", "tf.transpose(x, [1, 0])"),
    ("x.permute(1, 0)", "tf.transpose(x, perm=[1, 0])"),
    ("x.permute(*range(x.dim() - 1, -1, -1))", "tf.transpose(x)"),
    ("torch.sum(torch.tensor([1.0, 2.0]))", "tf.reduce_sum([1.0, 2.0])"),
    ("torch.exp(torch.stack([x, y]))", "tf.exp([x, y])"),
    ("torch.cat([x, torch.as_tensor([3.0])], 0)", "tf.concat([x, [3.0]], 0)"),
    ("x.shape[0]", "tf.shape(x)[0]"),
    ("torch.square(x - y)", "tf.square(x - y)"),
    ("torch.tensor([1.0])", "tf.constant([1.0])"),
    ("torch.tensor([1, 2], dtype=torch.float32)", "tf.constant([1, 2], dtype=tf.float32)"),
    to="torch",
)
def test_to_torch(case):
    case.check()


@expressions(
    # A moved argument keeps its meaning among operators.
    ("-x.relu()", "-tf.nn.relu(x)"),
    ("(x + y).relu()", "tf.nn.relu(x + y)"),
    ("(x + y).sum() ** 2", "tf.reduce_sum(x + y) ** 2"),
    ("2 * (x - y).mean()", "2 * tf.reduce_mean(x - y)"),
    ("F.mse_loss(x + 1, y - 1) ** 2", "tf.reduce_mean(tf.square(x + 1 - (y - 1))) ** 2"),
    ("F.l1_loss(x if n else y, y)", "tf.reduce_mean(tf.abs((x if n else y) - y))"),
    ("(lambda t: t)(x).relu()", "tf.nn.relu((lambda t: t)(x))"),
    ("(-x).relu() @ y", "tf.nn.relu(-x) @ y"),
    ("x.t() @ y.t().relu()", "tf.transpose(x) @ tf.nn.relu(tf.transpose(y))"),
    ("not x.sum()", "not tf.reduce_sum(x)"),
    ("[*x.relu()]", "[*tf.nn.relu(x)]"),
    ("x.relu()[0]", "tf.nn.relu(x)[0]"),
    ("1 - F.mse_loss(x, y)", "1 - tf.reduce_mean(tf.square(x - y))"),
    ("(x - y).pow(2).mean()", "tf.reduce_mean(tf.pow(x - y, 2))"),
    ("(x := y).relu()", "tf.nn.relu((x := y))"),
    ("x.pow(-n)", "tf.pow(x, -n)"),
    ("{**{'a': x.relu()}}", "{**{'a': tf.nn.relu(x)}}"),
    ("f'{x.sum():.3f} {x.mean()!r}'", "f'{tf.reduce_sum(x):.3f} {tf.reduce_mean(x)!r}'"),
    (
        "x.relu() if x.sum() > 0 else y.relu()",
        "tf.nn.relu(x) if tf.reduce_sum(x) > 0 else tf.nn.relu(y)",
    ),
    to="tensorflow",
)
def test_precedence(case):
    case.check()


@expressions(
    # Tensors made after another, whose values do not matter or are drawn.
    ("torch.empty(2, n)", "tf.zeros([2, n])"),
    ("x.new_zeros(2, n)", "tf.zeros([2, n], dtype=x.dtype)"),
    ("x.new_ones((2, 3), device=x.device)", "tf.ones((2, 3), dtype=x.dtype)"),
    ("x.new_empty(y.shape)", "tf.zeros(y.shape, dtype=x.dtype)"),
    ("x.new_zeros(2, dtype=torch.int64)", ""),
    ("x.mT @ y", "tf.matmul(x, y, transpose_a=True)"),
    ("torch.matmul(x, y.transpose(-1, -2))", "tf.matmul(x, y, transpose_b=True)"),
    (
        "torch.bmm(x.transpose(1, 2), y.transpose(2, 1))",
        "tf.matmul(x, y, transpose_a=True, transpose_b=True)",
    ),
    ("torch.matmul(x, y.transpose(0, 1))", "tf.matmul(x, keras.ops.swapaxes(y, 0, 1))"),
    ("x.bernoulli_(0.5 * n)", "tf.cast(tf.random.uniform(tf.shape(x)) < 0.5 * n, x.dtype)"),
    to="tensorflow",
)
def test_new_tensors(case):
    case.check()


@expressions(
    # What has no counterpart stays, with a finding.
    ("torch.sum(x, 1, out=y)", ""),
    ("x.sum(*shape)", ""),
    ("x.sum(**shape)", ""),
    ("F.relu(*shape)", ""),
    ("x.mean(dtype=torch.float32)", ""),
    ("x.view(torch.float32)", ""),
    ("F.softmax(x)", ""),
    to="tensorflow",
)
def test_left_in_place(case):
    case.check()


@expressions(
    ("", "tf.matmul(x, y, adjoint_b=True)"),
    ("", "tf.matmul(x, y, transpose_a=True, transpose_b=True)"),
    ("", "tf.reduce_sum(x, 1, name='a')"),
    ("", "tf.nn.relu(*shape)"),
    ("", "tf.constant(3.0, shape=[2, 2])"),
    to="torch",
)
def test_left_in_place_to_torch(case):
    case.check()


@rows(
    to_tensorflow("from torch import nn\nl = nn.Linear(in_features=2, out_features=3, bias=False)",
        "import keras\nl = keras.layers.Dense(units=3, use_bias=False)"),
    to_tensorflow("from torch import nn\nl = nn.Linear(2, 3, False)", "import keras\nl = keras.layers.Dense(3, use_bias=False)"),
    to_tensorflow("from torch import nn\nl = nn.Dropout()", "import keras\nl = keras.layers.Dropout(rate=0.5)"),
    to_tensorflow("from torch import nn\nl = nn.LeakyReLU()", "import keras\nl = keras.layers.LeakyReLU(negative_slope=0.01)"),
    to_tensorflow("from torch import nn\nl = nn.LeakyReLU(0.2, True)", "import keras\nl = keras.layers.LeakyReLU(0.2)"),
    to_tensorflow("from torch import nn\nl = nn.Softmax(dim=1)", "import keras\nl = keras.layers.Softmax(axis=1)"),
    to_tensorflow("from torch import nn, optim\nm = nn.Linear(1, 1)\no = optim.SGD(m.parameters(), 0.1, momentum=0.9)",
        "import keras\nm = keras.layers.Dense(1)\no = keras.optimizers.SGD(0.1, momentum=0.9)"),
    to_tensorflow("from torch import nn, optim\nm = nn.Linear(1, 1)\no = optim.SGD(params=m.parameters(), lr=0.1)",
        "import keras\nm = keras.layers.Dense(1)\no = keras.optimizers.SGD(learning_rate=0.1)"),
    to_tensorflow("from torch import nn, optim\nm = nn.Linear(1, 1)\no = optim.SGD(m.parameters())",
        "import keras\nm = keras.layers.Dense(1)\no = keras.optimizers.SGD(learning_rate=0.001)"),
    to_tensorflow("from torch import nn, optim\nm = nn.Linear(1, 1)\nb = (0.5, 0.9)\no = optim.Adam(m.parameters(), 0.1, betas=(0.5, 0.999))\np = optim.Adam(m.parameters(), betas=b)",
        "import keras\nm = keras.layers.Dense(1)\nb = (0.5, 0.9)\no = keras.optimizers.Adam(0.1, beta_1=0.5, epsilon=1e-08)\np = keras.optimizers.Adam(beta_1=b[0], beta_2=b[1], epsilon=1e-08)"),
    to_tensorflow("from torch import nn, optim\nm = nn.Linear(1, 1)\ne = 1e-5\no = optim.RMSprop(m.parameters(), 0.1)\np = optim.RMSprop(m.parameters(), 0.1, 0.9, e)",
        "import keras\nm = keras.layers.Dense(1)\ne = 1e-5\no = keras.optimizers.RMSprop(0.1, rho=0.99, epsilon=1e-16)\np = keras.optimizers.RMSprop(0.1, 0.9, epsilon=e ** 2)"),
    flagged("m = nn.Linear(1, 1)\no = optim.Adamax(m.parameters(), lr=0.1, maximize=True)", at="Adamax"),
    to_torch("import keras\nl = keras.layers.LeakyReLU()", "from torch import nn\nl = nn.LeakyReLU(negative_slope=0.3)"),
    to_torch("import keras\nl = keras.layers.Softmax()", "from torch import nn\nl = nn.Softmax(dim=-1)"),
    flagged("l = nn.Linear(**{})", at="Linear"),
    flagged("l = nn.Linear(*[2, 3])", at="Linear"),
    flagged("l = nn.Flatten(0)", at="Flatten"),
    flagged("m = nn.Linear(1, 1)\no = optim.SGD(m.parameters(), lr=0.1, maximize=True)", at="SGD"),
    flagged("l = nn.Softmax()", at="Softmax"),
    flagged("m = nn.Linear(1, 1)\no = optim.SGD([{'params': m.parameters(), 'lr': 0.5}], lr=0.1)", at="SGD"),
    flagged("l = keras.layers.Conv2D(8, 3, data_format='channels_first')", at="Conv2D", to="torch"),
)  # fmt: skip
def test_constructors(case):
    case.check()


_SAME = 'written as `padding="same"`, which pads otherwise'


@rows(
    to_tensorflow("from torch import nn\nl = nn.ReLU(), nn.MaxPool2d(2), nn.MaxPool2d(3, 2)",
        "import keras\nl = keras.layers.ReLU(), keras.layers.MaxPooling2D(2), keras.layers.MaxPooling2D(3, 2)"),
    unless_flagged("l = nn.Conv2d(3, 8, 5, padding=1)", without='5, padding="same"'),
    unless_flagged("l = nn.Conv2d(3, 8, 3, padding=2)", without='3, padding="same"'),
    unless_flagged("l = nn.Conv2d(3, 8, 3, padding=(1, 0))", without='3, padding="same"'),
    unless_flagged("l = nn.Conv2d(3, 8, 4, padding=2)", without='4, padding="same"'),
    unless_flagged("l = nn.Conv2d(3, 8, 3, stride=2, padding=1)", without='padding="same"'),
    unless_flagged("l = nn.MaxPool2d(3, 2, 1)", without='padding="same"'),
    unless_flagged("l = nn.AvgPool2d(3, 1, 1)", without='padding="same"'),
    unless_flagged("def f(k):\n    return nn.Conv2d(3, 8, 3, padding=k)", without='padding="same"'),
    unless_flagged("l = keras.layers.Conv2D(8, 3, strides=2, padding='same')", without='padding="same"', to="torch"),
    unless_flagged("l = keras.layers.MaxPooling2D(2, padding='same')", without='padding="same"', to="torch"),
)  # fmt: skip
def test_padding(case):
    case.check()
