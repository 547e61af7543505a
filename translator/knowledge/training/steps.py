"""Training steps: what is recorded, what is reset, who is handed the gradients."""

from __future__ import annotations

from translator.knowledge.cases import script
from translator.knowledge.records import Construct, Record

_OPTIMIZER_TORCH = """
import torch
from torch import nn

x = torch.tensor([[0.0], [1.0], [2.0], [3.0]])
y = torch.tensor([[1.0], [3.0], [5.0], [7.0]])

model = nn.Linear(1, 1)
nn.init.zeros_(model.weight)
nn.init.zeros_(model.bias)
criterion = nn.MSELoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.05)

for epoch in range(20):
    loss = criterion(model(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    print(f"{loss.item():.6f}")
"""

_OPTIMIZER_TENSORFLOW = """
import keras
import tensorflow as tf

x = tf.constant([[0.0], [1.0], [2.0], [3.0]])
y = tf.constant([[1.0], [3.0], [5.0], [7.0]])

model = keras.layers.Dense(1, kernel_initializer="zeros")
criterion = keras.losses.MeanSquaredError()
optimizer = keras.optimizers.SGD(learning_rate=0.05)

for epoch in range(20):
    with tf.GradientTape() as tape:
        loss = criterion(y, model(x))
    gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply_gradients(zip(gradients, model.trainable_variables))
    print(f"{loss.numpy():.6f}")
"""

STEP = Construct(
    name="training step",
    torch=_OPTIMIZER_TORCH,
    tf=_OPTIMIZER_TENSORFLOW,
    differs="torch records every operation on a parameter and adds the gradients to `.grad`, so they are reset at each "
    "step; TensorFlow records under a tape alone and returns the gradients, which the optimizer is handed with their "
    "variables.",
    naive="two backward passes without zero_grad",
    error="1.28: the gradients of both are summed",
    words="zero_grad backward step loss.backward optimizer.step optimizer.zero_grad GradientTape tape.gradient "
    "apply_gradients train loop",
    cases=(script(_OPTIMIZER_TORCH), script(_OPTIMIZER_TENSORFLOW, side="tensorflow")),
)

_NAIVE_TORCH = """
import torch

x = torch.tensor([[0.0], [1.0], [2.0], [3.0]])
y = torch.tensor([[1.0], [3.0], [5.0], [7.0]])
w = torch.zeros(1, 1, requires_grad=True)
b = torch.zeros(1, requires_grad=True)

for epoch in range(20):
    loss = ((x @ w + b - y) ** 2).mean()
    loss.backward()
    with torch.no_grad():
        w -= 0.05 * w.grad
        b -= 0.05 * b.grad
        w.grad.zero_()
        b.grad.zero_()
    print(f"{loss.item():.6f}")
"""

_NAIVE_TENSORFLOW = """
import tensorflow as tf

x = tf.constant([[0.0], [1.0], [2.0], [3.0]])
y = tf.constant([[1.0], [3.0], [5.0], [7.0]])
w = tf.Variable(tf.zeros([1, 1]))
b = tf.Variable(tf.zeros([1]))

for epoch in range(20):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean((x @ w + b - y) ** 2)
    dw, db = tape.gradient(loss, [w, b])
    w.assign_sub(0.05 * dw)
    b.assign_sub(0.05 * db)
    print(f"{loss.numpy():.6f}")
"""

NAIVE = Construct(
    name="update by hand",
    torch=_NAIVE_TORCH,
    tf=_NAIVE_TENSORFLOW,
    differs="A torch parameter is changed in place under no_grad, a TensorFlow variable by assign, assign_sub or "
    "assign_add, which no tape differentiates.",
    naive="w -= 0.05 * dw on a tf.Variable",
    error="the name is bound to a tensor, and the next gradient is None",
    words="no_grad requires_grad grad zero_ assign_sub assign w.grad parameter update manual gradient descent",
    cases=(script(_NAIVE_TORCH), script(_NAIVE_TENSORFLOW, side="tensorflow")),
)

_FIT_TORCH = """
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

x = torch.tensor([[0.0], [1.0], [2.0], [3.0]])
y = torch.tensor([[1.0], [3.0], [5.0], [7.0]])

model = nn.Sequential(nn.Linear(1, 1))
nn.init.zeros_(model[0].weight)
nn.init.zeros_(model[0].bias)
criterion = nn.MSELoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.01)

dataset = TensorDataset(x, y)
loader = DataLoader(dataset, batch_size=2, shuffle=False)
for epoch in range(20):
    total = 0.0
    for inputs, targets in loader:
        optimizer.zero_grad()
        loss = criterion(model(inputs), targets)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(inputs)
    print(f"{total / len(dataset):.6f}")
"""

_FIT_TENSORFLOW = """
import keras
import numpy as np

x = np.array([[0.0], [1.0], [2.0], [3.0]])
y = np.array([[1.0], [3.0], [5.0], [7.0]])

model = keras.Sequential([keras.Input(shape=(1,)), keras.layers.Dense(1, kernel_initializer="zeros")])
model.compile(optimizer=keras.optimizers.SGD(learning_rate=0.01), loss="mse")
history = model.fit(x, y, epochs=20, batch_size=2, shuffle=False, verbose=0)
for loss in history.history["loss"]:
    print(f"{loss:.6f}")
"""

FIT = Construct(
    name="compile and fit",
    torch=_FIT_TORCH,
    tf=_FIT_TENSORFLOW,
    differs="fit shuffles arrays unless told not to, casts them to 32-bit floats, takes batches of 32, and reports the "
    "mean of the loss over the samples of an epoch.",
    naive="the mean of the batches' losses",
    error="2e-02 where the last batch is smaller",
    words="fit compile history epochs batch_size shuffle DataLoader mini-batch loop evaluate",
    cases=(script(_FIT_TORCH), script(_FIT_TENSORFLOW, side="tensorflow")),
)

_MODULE_TORCH = """
import torch
from torch import nn


class Line(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(1, 1))
        self.bias = nn.Parameter(torch.ones(1))

    def forward(self, x):
        return x @ self.weight + self.bias


model = Line()
print(model(torch.tensor([[2.0]])).item())
"""

_MODULE_TENSORFLOW = """
import keras
import tensorflow as tf


class Line(keras.Model):
    def __init__(self):
        super().__init__()
        self.weight = self.add_weight(shape=(1, 1), initializer="zeros", name="weight")
        self.bias = self.add_weight(shape=(1,), initializer="ones", name="bias")

    def call(self, x):
        return x @ self.weight + self.bias


model = Line()
print(model(tf.constant([[2.0]])).numpy().item())
"""

MODULE = Construct(
    name="module with parameters",
    torch=_MODULE_TORCH,
    tf=_MODULE_TENSORFLOW,
    differs="An nn.Parameter that is assigned is registered; Keras tracks what add_weight or keras.Variable makes, and "
    "not a plain tf.Variable.",
    naive="self.w = tf.Variable(...) in a Keras model",
    error="the variable is not among trainable_variables and is never trained",
    words="nn.Parameter add_weight tf.Variable register forward call subclass custom layer",
    cases=(script(_MODULE_TORCH), script(_MODULE_TENSORFLOW, side="tensorflow")),
)

RECORDS: tuple[Record, ...] = (STEP, NAIVE, FIT, MODULE)
