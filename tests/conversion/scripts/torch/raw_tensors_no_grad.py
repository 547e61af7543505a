# Linear regression from scratch: two tensors and a loop.
import numpy as np
import torch

rng = np.random.default_rng(1)
X = rng.uniform(-2, 2, size=(40, 1)).astype(np.float32)
Y = (3 * X - 0.5 + rng.normal(0, 0.05, size=(40, 1))).astype(np.float32)

x = torch.from_numpy(X)
y = torch.from_numpy(Y)

# the parameters that we are looking for
w = torch.zeros(1, requires_grad=True)
b = torch.zeros(1, requires_grad=True)

learning_rate = 0.1

for epoch in range(30):
    # forward pass
    y_pred = w * x + b
    loss = ((y_pred - y) ** 2).mean()

    # backward pass
    loss.backward()

    # update
    with torch.no_grad():
        w -= learning_rate * w.grad
        b -= learning_rate * b.grad

    # gradients add up, so empty them
    w.grad.zero_()
    b.grad.zero_()

    if (epoch + 1) % 10 == 0:
        print(f"epoch {epoch + 1}: loss = {loss.item():.6f}")

print(f"w = {w.item():.5f}, b = {b.item():.5f}")
