import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset
import torch.nn.functional as F


class PairDataset(Dataset):
    """Pairs of vectors, label 1 where they come from different clusters."""

    def __init__(self, n, seed=0):
        rng = np.random.RandomState(seed)
        self.kinds = rng.randint(0, 2, size=(n, 2))
        self.points = rng.normal(size=(n, 2, 6)) + 2 * self.kinds[:, :, None]

    def __len__(self):
        return len(self.kinds)

    def __getitem__(self, index):
        a, b = self.points[index]
        label = float(self.kinds[index, 0] != self.kinds[index, 1])
        return (torch.tensor(a, dtype=torch.float32), torch.tensor(b, dtype=torch.float32),
                torch.tensor([label], dtype=torch.float32))


class SiameseNetwork(nn.Module):
    def __init__(self):
        super().__init__()
        self.trunk = nn.Sequential(nn.Linear(6, 16), nn.ReLU(inplace=True))
        self.head = nn.Linear(16, 4)

    def forward_once(self, x):
        return self.head(self.trunk(x))

    def forward(self, input1, input2):
        return self.forward_once(input1), self.forward_once(input2)


class ContrastiveLoss(nn.Module):
    def __init__(self, margin=2.0):
        super().__init__()
        self.margin = margin

    def forward(self, output1, output2, label):
        distance = F.pairwise_distance(output1, output2, keepdim=True)
        return torch.mean((1 - label) * torch.pow(distance, 2)
                          + label * torch.pow(torch.clamp(self.margin - distance, min=0.0), 2))


net = SiameseNetwork()
criterion = ContrastiveLoss()
# the head learns faster than the trunk
optimizer = torch.optim.SGD([
    {"params": net.trunk.parameters()},
    {"params": net.head.parameters(), "lr": 0.05},
], lr=0.01, momentum=0.9)
loader = DataLoader(PairDataset(40), batch_size=8, shuffle=False)

losses = []
for epoch in range(4):
    for img0, img1, label in loader:
        optimizer.zero_grad()
        output1, output2 = net(img0, img1)
        loss_contrastive = criterion(output1, output2, label)
        loss_contrastive.backward()
        optimizer.step()
        losses.append(loss_contrastive.item())
        print(losses[-1])
    print("Epoch {} mean loss {}".format(epoch, np.mean(losses[-5:])))
