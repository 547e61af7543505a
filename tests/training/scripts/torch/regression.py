import numpy as np
import torch
import torch.nn as nn

torch.manual_seed(0)
rng = np.random.default_rng(0)

# y = 3x - 2 with some noise
x = torch.from_numpy(rng.uniform(-1, 1, size=(64, 1)).astype(np.float32))
y = 3 * x - 2 + 0.1 * torch.from_numpy(rng.normal(size=(64, 1)).astype(np.float32))

model = nn.Sequential(nn.Linear(1, 16), nn.Tanh(), nn.Linear(16, 1))
criterion = nn.MSELoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)

for epoch in range(20):
    prediction = model(x)
    loss = criterion(prediction, y)

    optimizer.zero_grad()
    loss.backward()
    optimizer.step()

    print(f"epoch {epoch + 1}: loss {loss.item():.4f}")

with torch.no_grad():
    print("mean error", (model(x) - y).abs().mean().item())
