import numpy as np
import torch
from torch import nn
from torch.utils.data import ConcatDataset, DataLoader, Dataset, Subset


class Sums(Dataset):
    """Vectors with the class of their sum, as a dict for each sample."""

    def __init__(self, n, seed):
        rng = np.random.default_rng(seed)
        self.vectors = rng.normal(size=(n, 3)).astype(np.float32)

    def __len__(self):
        return len(self.vectors)

    def __getitem__(self, i):
        vector = self.vectors[i]
        return {"vector": torch.from_numpy(vector), "label": int(vector.sum() > 0)}


def pairs(samples):
    vectors = torch.stack([sample["vector"] for sample in samples])
    labels = torch.tensor([sample["label"] for sample in samples], dtype=torch.long)
    return vectors, labels


data = ConcatDataset([Sums(20, 0), Sums(12, 1)])
train = Subset(data, list(range(0, 32, 2)))
held = Subset(data, list(range(1, 32, 2)))
loader = DataLoader(train, batch_size=5, drop_last=True)
checks = DataLoader(held, batch_size=8, collate_fn=pairs)
print(len(loader), len(loader.dataset), len(checks))

net = nn.Linear(3, 2)
nn.init.constant_(net.weight, 0.1)
nn.init.zeros_(net.bias)
loss_fn = nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(net.parameters(), lr=0.3)
for epoch in range(3):
    total = 0.0
    for batch in loader:
        optimizer.zero_grad()
        loss = loss_fn(net(batch["vector"]), batch["label"])
        loss.backward()
        optimizer.step()
        total += loss.item()
    right = 0
    with torch.no_grad():
        for vectors, labels in checks:
            right += (net(vectors).argmax(dim=1) == labels).sum().item()
    print(f"{epoch}: {total / len(loader):.5f} {right}")
