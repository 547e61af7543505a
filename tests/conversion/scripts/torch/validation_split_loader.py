import numpy as np
import torch
import torch.nn as nn
from torch.utils.data import Dataset, DataLoader


class LineDataset(Dataset):
    """Points on a line, as a dataset of our own."""

    def __init__(self, n, seed):
        rng = np.random.default_rng(seed)
        self.x = torch.tensor(rng.uniform(-1, 1, (n, 1)), dtype=torch.float32)
        self.y = 2 * self.x + 1

    def __len__(self):
        return len(self.x)

    def __getitem__(self, i):
        return self.x[i], self.y[i]


train_loader = DataLoader(LineDataset(24, 0), batch_size=6)
val_loader = DataLoader(LineDataset(12, 1), batch_size=6)

model = nn.Linear(1, 1)
nn.init.zeros_(model.weight)
nn.init.zeros_(model.bias)
loss_fn = nn.MSELoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)

for epoch in range(4):
    model.train()
    train_loss = 0.0
    for x, y in train_loader:
        optimizer.zero_grad()
        loss = loss_fn(model(x), y)
        loss.backward()
        optimizer.step()
        train_loss += loss.item()

    model.eval()
    val_loss = 0.0
    with torch.no_grad():
        for x, y in val_loader:
            val_loss += loss_fn(model(x), y).item()
    print(f"epoch {epoch + 1}/4  train {train_loss / len(train_loader):.5f}  val {val_loss / len(val_loader):.5f}")
