"""Linear regression on mini-batches with an explicit loop, in PyTorch."""

import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

# The data, the same on both sides: y = 2x + 1 and a little fixed noise.
rng = np.random.default_rng(0)
x = rng.uniform(-1.0, 1.0, size=(64, 1)).astype(np.float32)
y = (2.0 * x + 1.0 + rng.normal(0.0, 0.1, size=(64, 1))).astype(np.float32)

epochs = 200
learning_rate = 0.01

model = nn.Sequential(nn.Linear(1, 1))
nn.init.constant_(model[0].weight, 0.5)
nn.init.zeros_(model[0].bias)

criterion = nn.MSELoss()
optimizer = torch.optim.SGD(model.parameters(), lr=learning_rate)

dataset = TensorDataset(torch.from_numpy(x), torch.from_numpy(y))
loader = DataLoader(dataset, batch_size=16, shuffle=False)

history = []
for _ in range(epochs):
    total = 0.0
    for inputs, targets in loader:
        prediction = model(inputs)
        loss = criterion(prediction, targets)

        optimizer.zero_grad()
        loss.backward()
        optimizer.step()

        # The last batch may be smaller, so weigh each by its samples.
        total += loss.item() * len(inputs)
    history.append(total / len(dataset))

for epoch in range(20, epochs + 1, 20):
    print(f"epoch {epoch:3d}  loss {history[epoch - 1]:.6f}")

weight = model[0].weight.item()
bias = model[0].bias.item()
print(f"weight {weight:.6f}")
print(f"bias {bias:.6f}")
