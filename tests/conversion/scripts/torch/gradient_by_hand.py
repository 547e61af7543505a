# No autograd at all: the gradient is worked out on paper.
import numpy as np
import torch

rng = np.random.default_rng(19)
X = torch.from_numpy(rng.normal(size=(60, 2)).astype(np.float32))
X = torch.cat([X, torch.ones(60, 1)], dim=1)  # a column of ones for the bias
theta_true = torch.tensor([[1.0], [-2.0], [0.5]])
y = X @ theta_true

theta = torch.zeros(3, 1)
lr = 0.1
for step in range(20):
    residual = X @ theta - y
    grad = 2 * X.t() @ residual / X.shape[0]
    theta -= lr * grad
    if step % 5 == 0:
        print(step, "{:.5f}".format((residual ** 2).mean().item()))

print(" ".join("%.4f" % v for v in theta.view(-1).tolist()))
