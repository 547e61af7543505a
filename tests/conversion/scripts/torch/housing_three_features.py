import numpy as np
import torch

np.set_printoptions(precision=4, suppress=True)

# made-up flats: area, rooms, age
rng = np.random.default_rng(31)
area = rng.uniform(30, 120, 50)
rooms = np.round(area / 25)
age = rng.uniform(0, 60, 50)
price = 3.1 * area + 12 * rooms - 0.8 * age + rng.normal(0, 4, 50)

X = np.stack([area, rooms, age], axis=1)
X = (X - X.mean(axis=0)) / X.std(axis=0)
y = (price - price.mean()) / price.std()

X = torch.tensor(X, dtype=torch.float32)
y = torch.tensor(y, dtype=torch.float32).view(-1, 1)
n_samples, n_features = X.shape

w = torch.zeros((n_features, 1), requires_grad=True, dtype=torch.float32)
b = torch.zeros(1, requires_grad=True, dtype=torch.float32)


def model(X):
    return torch.mm(X, w) + b


def mse(t1, t2):
    diff = t1 - t2
    return torch.sum(diff * diff) / diff.numel()


for i in range(20):
    preds = model(X)
    loss = mse(preds, y)
    loss.backward()
    with torch.no_grad():
        w -= w.grad * 0.1
        b -= b.grad * 0.1
        w.grad.zero_()
        b.grad.zero_()
    if not (i + 1) % 5:
        print("step", i + 1, "loss", round(loss.item(), 5))

print("weights", w.detach().numpy().ravel())
print("bias %.4f" % b.detach().numpy()[0])
