import os

import matplotlib.pyplot as plt
import numpy as np
import torch
import torch.nn as nn

rng = np.random.default_rng(12)
x = rng.uniform(0, 1, (30, 1)).astype(np.float32)   # numpy stays numpy
y = (0.8 * x + 0.1 + rng.normal(0, 0.02, (30, 1))).astype(np.float32)

plt.figure(figsize=(4, 3))
plt.scatter(x, y, s=8, label="samples")

model = nn.Linear(1, 1)
nn.init.zeros_(model.weight)
nn.init.zeros_(model.bias)
criterion = nn.MSELoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.2)

losses = []
for epoch in range(25):
    pred = model(torch.from_numpy(x))
    loss = criterion(pred, torch.from_numpy(y))
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    losses.append(loss.item())

predicted = model(torch.from_numpy(x)).detach().numpy()
order = np.argsort(x[:, 0])
plt.plot(x[order], predicted[order], "r-", label="fit")
plt.legend()
plt.savefig(os.devnull, format="png")
plt.close()

print(f"best {min(losses):.6f}", f"worst {np.max(losses):.6f}")
print("slope %.4f, intercept %.4f" % (model.weight.item(), model.bias.item()))
