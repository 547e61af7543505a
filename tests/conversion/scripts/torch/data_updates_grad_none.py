"""y = w * x with one number to learn, the way a first lecture does it."""
import numpy as np
import torch

x_data = np.array([1.0, 2.0, 3.0, 4.0], dtype=np.float32)
y_data = np.array([2.1, 3.9, 6.2, 7.8], dtype=np.float32)

w = torch.tensor([0.5], requires_grad=True)


def forward(x):
    return x * w


def loss(x, y):
    y_pred = forward(x)
    return (y_pred - y) * (y_pred - y)


print("before training:", 4, "%.4f" % forward(4).item())

for epoch in range(4):
    total = 0.0
    for x_val, y_val in zip(x_data.tolist(), y_data.tolist()):
        l = loss(x_val, y_val)  # one sample at a time
        l.backward()
        w.data = w.data - 0.01 * w.grad.data
        w.grad = None
        total += l.item()
    print("epoch %d, w = %.5f, loss = %.5f" % (epoch, w.item(), total / len(x_data)))

print("after training:", 4, "%.4f" % forward(4).item())
